// The two functions of the C library that the JSON parser calls for numbers, as small as it needs them. The library's
// own draw in 128-bit arithmetic and printf, a tenth of what a page would download.
#include <cstdarg>
#include <cstddef>
#include <cstdint>

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

extern "C" {

// Of text that is a JSON number, as the parser has checked. May be off in the last places: the engine takes whole
// numbers, which the parser reads by itself, and everything else in a model's header is a record for people.
double __wrap_strtod(const char* text, char** end) {
  const char* p = text;
  const bool negative = *p == '-';
  if (negative) ++p;
  double value = 0;
  for (; is_digit(*p); ++p) value = value * 10 + (*p - '0');
  int exponent = 0;
  if (*p == '.') {
    for (++p; is_digit(*p); ++p, --exponent) value = value * 10 + (*p - '0');
  }
  if (*p == 'e' || *p == 'E') {
    ++p;
    const bool down = *p == '-';
    if (*p == '-' || *p == '+') ++p;
    int written = 0;
    // Beyond 999 any digits give 0 or infinity.
    for (; is_digit(*p); ++p) written = written < 100 ? written * 10 + (*p - '0') : 999;
    exponent += down ? -written : written;
  }
  for (; exponent > 0; --exponent) value *= 10;
  for (; exponent < 0; ++exponent) value /= 10;
  if (end != nullptr) *end = const_cast<char*>(p);
  return negative ? -value : value;
}

// Plain text and whole numbers in hexadecimal digits, as "<U+%.4X>" and "\\u%04x" have them; of the digits' case only
// capitals.
int __wrap_snprintf(char* out, std::size_t size, const char* format, ...) {
  std::va_list values;
  va_start(values, format);
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
    for (++p; *p == '.' || is_digit(*p); ++p) digits = *p > '0' ? static_cast<unsigned>(*p - '0') : digits;
    const auto value = va_arg(values, std::uint32_t);
    for (unsigned place = 8; place > 0; --place) {
      if (place <= digits || value >> (4 * (place - 1)) != 0) put("0123456789ABCDEF"[value >> (4 * (place - 1)) & 15U]);
    }
  }
  va_end(values);
  if (size > 0) out[length < size ? length : size - 1] = 0;
  return static_cast<int>(length);
}

}  // extern "C"
