// Text from outside: whether it is UTF-8, and how it is shown in an error.
#pragma once

#include <string>
#include <string_view>

namespace sotto::data {

// Well-formed UTF-8 after Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// The text in single quotes for one line of an error: shortened to 60 bytes, control characters and bytes
// that are not UTF-8 as \xNN.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace sotto::data
