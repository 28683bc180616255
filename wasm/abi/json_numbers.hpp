// The two functions of the C library that the JSON parser calls for numbers, written as small as the parser needs them.
// The C library's own functions bring in 128-bit arithmetic and printf, a tenth of what a page would download.
#pragma once

#include <cstdarg>
#include <cstddef>

namespace sotto::wasm {

// Reads a decimal number as strtod does. Precondition: the text begins with a number of the JSON grammar; the parser
// has checked this. `end`, unless it is null, receives the place after the number.
//
// Error, with v the number that is written:
// - 0 and whole numbers of a magnitude of at most 2^53 are exact, however they are written ("1000", "1e3", "1000.0").
// - Otherwise the result differs from v by at most 2^-48 · |v| + 2^-1074.
// - The result is infinite for |v| ≥ (1 + 2^-48) · 2^1024, and finite for |v| < (1 - 2^-48) · 2^1024.
// The sign is that of the text, for 0 too.
// A model file needs no more: the engine reads whole numbers, and every other number in it is a record for people.
[[nodiscard]] double parse_number(const char* text, char** end) noexcept;

// Writes plain text and unsigned 32-bit numbers in hexadecimal digits as vsnprintf does. Precondition: every % in the
// format begins a conversion "%X" or "%x" with an optional minimum of 1 to 8 digits, as in "<U+%.4X>" and "\\u%04x".
// Returns the length that the whole text has, without the 0 byte that ends it.
int format_hexadecimal(char* out, std::size_t size, const char* format, std::va_list values) noexcept;

}  // namespace sotto::wasm
