// Text from outside, such as an item's id, on a terminal. Raw, it could move the cursor, change colors or set a title.
#pragma once

#include <string>
#include <string_view>

namespace sotto::report {

// Replaces what a terminal would obey or reorder: control characters other than line ends and tabs, the characters that
// change the direction of writing, and bytes that are not UTF-8. They are shown as "\x1b" (a byte) or "\u202e" (a
// character). All other text stays as it is.
[[nodiscard]] std::string for_terminal(std::string_view text);

// Writes the same characters of a JSON text as JSON's own escapes, such as "\u009b": the document stays the same.
// Outside of its strings JSON has none of them but line ends and tabs. Precondition: the text is JSON in UTF-8.
[[nodiscard]] std::string json_for_terminal(std::string_view json);

}  // namespace sotto::report
