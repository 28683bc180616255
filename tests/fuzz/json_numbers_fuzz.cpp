// Differential: what stands in for strtod and snprintf in WebAssembly, against the C library.
#include "../../wasm/abi/json_numbers.hpp"
#include "../abi/json_number_error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

// Reads values from the fuzzer's bytes, zeros after their end.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint8_t next() { return at_ < size_ ? data_[at_++] : std::uint8_t{0}; }
  std::size_t below(std::size_t limit) { return next() % limit; }
  std::string digits(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + below(10));
    return text;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

// Any number of the JSON grammar.
std::string number_from(Bytes& bytes) {
  const std::uint8_t parts = bytes.next();
  std::string text = (parts & 1U) != 0 ? "-" : "";
  std::string whole = bytes.digits(1 + bytes.below((parts & 2U) != 0 ? 40 : 6));
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));  // no zeros in front
  text += whole;
  if ((parts & 4U) != 0) text += "." + bytes.digits(1 + bytes.below((parts & 8U) != 0 ? 250 : 6));
  if ((parts & 16U) != 0) {
    text += (parts & 32U) != 0 ? 'e' : 'E';
    if ((parts & 64U) != 0) text += (parts & 128U) != 0 ? '-' : '+';
    text += bytes.digits(1 + bytes.below(4));
  }
  return text;
}

void check_number(const std::string& text) {
  char* end = nullptr;
  char* expected_end = nullptr;
  const double value = sotto::wasm::parse_number(text.c_str(), &end);
  const double expected = std::strtod(text.c_str(), &expected_end);
  if (end != expected_end || *end != 0) std::abort();
  if (!sotto::test::is_within_stated_error(value, expected)) std::abort();
  if (std::signbit(value) != std::signbit(expected)) std::abort();
}

// A whole number of at most 2^53, with zeros behind it that an exponent or a point takes away.
void check_whole_number(Bytes& bytes) {
  std::uint64_t whole = 0;
  for (std::size_t i = bytes.below(8); i > 0; --i) whole = whole << 8 | bytes.next();
  whole %= (std::uint64_t{1} << 53) + 1;
  std::string text = std::to_string(whole);
  if (const std::size_t zeros = bytes.below(40); zeros > 0) {
    text += std::string(zeros, '0') + "e-" + std::to_string(zeros);
  } else if (const std::size_t after_point = bytes.below(40); after_point > 0) {
    text += "." + std::string(after_point, '0');
  }
  if (sotto::wasm::parse_number(text.c_str(), nullptr) != static_cast<double>(whole)) std::abort();
}

int format(char* out, std::size_t size, const char* text, ...) {
  std::va_list values;
  va_start(values, text);
  const int length = sotto::wasm::format_hexadecimal(out, size, text, values);
  va_end(values);
  return length;
}

void check_digits(Bytes& bytes) {
  char ours[32];
  char theirs[32];
  std::memset(ours, '#', sizeof ours);
  std::memset(theirs, '#', sizeof theirs);
  const std::size_t size = bytes.below(sizeof ours + 1);
  std::uint32_t value = 0;
  for (std::size_t i = bytes.below(5); i > 0; --i) value = value << 8 | bytes.next();
  const bool is_escape = bytes.below(2) != 0;
  const int length =
      is_escape ? format(ours, size, "\\u%04x\\u%04x", value, value) : format(ours, size, "<U+%.4X>", value);
  const int expected = is_escape ? std::snprintf(theirs, size, "\\u%04x\\u%04x", value, value)
                                 : std::snprintf(theirs, size, "<U+%.4X>", value);
  if (length != expected || std::memcmp(ours, theirs, sizeof ours) != 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  check_number(number_from(bytes));
  check_whole_number(bytes);
  check_digits(bytes);
  return 0;
}
