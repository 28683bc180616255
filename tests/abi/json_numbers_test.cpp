// The functions that stand in for the C library's in WebAssembly, against the C library.
#include "../../wasm/abi/json_numbers.hpp"

#include "json_number_error.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using sotto::test::is_within_stated_error;

double parsed(const std::string& text) {
  char* end = nullptr;
  const double value = sotto::wasm::parse_number(text.c_str(), &end);
  CHECK(*end == 0);
  return value;
}

// What is written into `size` bytes and the byte behind them, and the length that is returned.
[[gnu::format(printf, 2, 3)]] std::string formatted(std::size_t size, const char* format, ...) {
  std::string out(size + 1, '#');
  std::va_list values;
  va_start(values, format);
  const int length = sotto::wasm::format_hexadecimal(out.data(), size, format, values);
  va_end(values);
  return out + std::to_string(length);
}

[[gnu::format(printf, 2, 3)]] std::string formatted_by_library(std::size_t size, const char* format, ...) {
  std::string out(size + 1, '#');
  std::va_list values;
  va_start(values, format);
  const int length = std::vsnprintf(out.data(), size, format, values);
  va_end(values);
  return out + std::to_string(length);
}

}  // namespace

TEST_CASE("whole numbers up to 2^53 are read exactly, however they are written") {
  const std::uint64_t whole = GENERATE(0ULL, 1ULL, 9ULL, 10ULL, 1000ULL, 4294967295ULL, 123456789012345ULL,
                                       9007199254740991ULL, 9007199254740992ULL);
  const std::string digits = std::to_string(whole);
  for (const std::string& text :
       {digits, digits + ".0", digits + ".0000000000000000000000", digits + "e0", digits + "E+00",
        digits + "000000000000000000000000e-24", "0." + std::string(16 - digits.size(), '0') + digits + "e16"}) {
    INFO(text);
    CHECK(parsed(text) == static_cast<double>(whole));
    CHECK(parsed("-" + text) == -static_cast<double>(whole));
  }
}

TEST_CASE("other numbers are read within the stated error") {
  for (const char* text : {"0.1",
                           "-0.1936",
                           "3.14159265358979323846264338327950288419716939937510",
                           "2.2250738585072011e-308",
                           "5e-324",
                           "2.47032822920623272e-324",
                           "1.7976931348623157e308",
                           "123456789012345678901234567890",
                           "1e22",
                           "1e23",
                           "1e-22",
                           "8.5e-7",
                           "9007199254740993",
                           "18446744073709551616",
                           "0.000000000000000000000000000000000001",
                           "999999999999999999e-343",
                           "1e-400",
                           "1e400",
                           "-1e400",
                           "1.8e308",
                           "-0.0",
                           "0e999999999999999999999"}) {
    INFO(text);
    const double value = parsed(text);
    CHECK(is_within_stated_error(value, std::strtod(text, nullptr)));
    CHECK(std::signbit(value) == (text[0] == '-'));
  }
}

TEST_CASE("digits and exponents that outweigh each other are read in time and without overflow") {
  const std::string zeros(100'000, '0');
  CHECK(parsed("0." + zeros + "1e100001") == 1);
  CHECK(parsed("1" + zeros + "e-100000") == 1);
  CHECK(std::isinf(parsed("1" + zeros)));
  CHECK(parsed("0." + zeros + "1") == 0);
  CHECK(std::isinf(parsed("1e99999999999999999999999999")));
  CHECK(parsed("1e-99999999999999999999999999") == 0);
}

TEST_CASE("reading stops behind the number, and does without a place for its end") {
  const char* text = "12.5e1,";
  char* end = nullptr;
  CHECK(sotto::wasm::parse_number(text, &end) == 125);
  CHECK(end == text + 6);
  CHECK(sotto::wasm::parse_number(text, nullptr) == 125);
}

TEST_CASE("hexadecimal digits are written as the C library writes them, cut off where there is no room") {
  const std::size_t size = GENERATE(0U, 1U, 2U, 5U, 8U, 9U, 64U);
  const std::uint32_t value = GENERATE(0U, 1U, 15U, 16U, 0xABCDU, 0x10000U, 0xFFFFFFFFU);
  CHECK(formatted(size, "<U+%.4X>", value) == formatted_by_library(size, "<U+%.4X>", value));
  CHECK(formatted(size, "\\u%04x\\u%04x", value, value) == formatted_by_library(size, "\\u%04x\\u%04x", value, value));
  CHECK(formatted(size, "%x,%X", value, value) == formatted_by_library(size, "%x,%X", value, value));
  CHECK(formatted(size, "plain") == formatted_by_library(size, "plain"));
}
