#include "json_numbers.hpp"

#include <algorithm>
#include <cstdint>

namespace sotto::wasm {
namespace {

// Digits of a number that a double can tell apart, and more: 10^18 - 1 fits into 64 bits, and the digits after the 18th
// change the value by less than 2^-56 of it.
constexpr int significant_digits = 18;
// 10^22 is the largest power of ten that a double has exactly.
constexpr int exact_power = 22;
// A significand is 1 … 10^18, so that beyond these exponents every number is infinite or 0.
constexpr std::int64_t highest_exponent = 309;
constexpr std::int64_t lowest_exponent = -343;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// The digits of a number and the power of ten by which they are to be multiplied.
class Decimal {
 public:
  void add_digit(char digit, bool is_fraction) noexcept {
    if (digits_ == significant_digits) {
      exponent_ += is_fraction ? 0 : 1;
      return;
    }
    significand_ = 10 * significand_ + static_cast<std::uint64_t>(digit - '0');
    digits_ += significand_ != 0 ? 1 : 0;
    exponent_ -= is_fraction ? 1 : 0;
  }
  void add_exponent(std::int64_t exponent) noexcept { exponent_ += exponent; }

  [[nodiscard]] double value() const noexcept {
    if (significand_ == 0) return 0;
    std::uint64_t significand = significand_;
    std::int64_t exponent = std::clamp(exponent_, lowest_exponent, highest_exponent);
    // Zeros at the end move into the exponent, so that "1000.000" is as exact as "1e3".
    for (; exponent < 0 && significand % 10 == 0; ++exponent) significand /= 10;
    auto value = static_cast<double>(significand);
    while (exponent != 0) {
      const auto step = static_cast<int>(std::min<std::int64_t>(exponent < 0 ? -exponent : exponent, exact_power));
      double power = 1;
      for (int i = 0; i < step; ++i) power *= 10;
      value = exponent < 0 ? value / power : value * power;
      exponent += exponent < 0 ? step : -step;
    }
    return value;
  }

 private:
  std::uint64_t significand_ = 0;
  int digits_ = 0;  // of the significand, from its first that is not 0
  std::int64_t exponent_ = 0;
};

// Stops growing where every exponent gives 0 or infinity, whatever digits a text in memory can have before it.
const char* parse_exponent(const char* p, std::int64_t& exponent) noexcept {
  constexpr std::int64_t enough = std::int64_t{1} << 40;
  const bool is_negative = *p == '-';
  if (*p == '-' || *p == '+') ++p;
  exponent = 0;
  for (; is_digit(*p); ++p) exponent = std::min(10 * exponent + (*p - '0'), enough);
  if (is_negative) exponent = -exponent;
  return p;
}

}  // namespace

double parse_number(const char* text, char** end) noexcept {
  const char* p = text;
  const bool is_negative = *p == '-';
  if (is_negative) ++p;
  Decimal number;
  for (; is_digit(*p); ++p) number.add_digit(*p, false);
  if (*p == '.') {
    for (++p; is_digit(*p); ++p) number.add_digit(*p, true);
  }
  if (*p == 'e' || *p == 'E') {
    std::int64_t exponent = 0;
    p = parse_exponent(p + 1, exponent);
    number.add_exponent(exponent);
  }
  if (end != nullptr) *end = const_cast<char*>(p);
  const double value = number.value();
  return is_negative ? -value : value;
}

int format_hexadecimal(char* out, std::size_t size, const char* format, std::va_list values) noexcept {
  std::size_t length = 0;
  const auto put = [&](char c) {
    if (length + 1 < size) out[length] = c;
    ++length;
  };
  for (const char* p = format; *p != 0; ++p) {
    if (*p != '%') {
      put(*p);
      continue;
    }
    unsigned digits = 1;
    for (++p; *p == '.' || is_digit(*p); ++p) digits = is_digit(*p) ? static_cast<unsigned>(*p - '0') : digits;
    const auto value = va_arg(values, std::uint32_t);
    const char* symbols = *p == 'x' ? "0123456789abcdef" : "0123456789ABCDEF";
    for (unsigned place = 8; place > 0; --place) {
      if (place <= digits || value >> (4 * (place - 1)) != 0) put(symbols[value >> (4 * (place - 1)) & 15U]);
    }
  }
  if (size > 0) out[std::min(length, size - 1)] = 0;
  return static_cast<int>(length);
}

}  // namespace sotto::wasm
