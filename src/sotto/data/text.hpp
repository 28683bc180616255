// Functions for text from outside: the check for UTF-8, and its form in an error.
#pragma once

#include <string>
#include <string_view>

namespace sotto::data {

// Accepts well-formed UTF-8 by Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// Returns the text in single quotes for one line of an error. It is shortened to 60 bytes. Control characters and bytes
// that are not UTF-8 are shown as \xNN.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace sotto::data
