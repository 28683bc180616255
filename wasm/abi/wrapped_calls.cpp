// The linker sends the JSON parser's calls of strtod and snprintf here (--wrap in wasm/CMakeLists.txt).
#include "json_numbers.hpp"

#include <cstdarg>
#include <cstddef>

extern "C" {

double __wrap_strtod(const char* text, char** end) { return sotto::wasm::parse_number(text, end); }

int __wrap_snprintf(char* out, std::size_t size, const char* format, ...) {
  std::va_list values;
  va_start(values, format);
  const int length = sotto::wasm::format_hexadecimal(out, size, format, values);
  va_end(values);
  return length;
}

}  // extern "C"
