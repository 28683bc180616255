// Text from outside, such as an item's id, on a terminal. Raw, it could move the cursor, change colors or set a title.
#pragma once

#include <string>
#include <string_view>

namespace sotto::report {

// Replaces what a terminal would obey or reorder: control characters other than line ends and tabs, the characters that
// change the direction of writing, and bytes that are not UTF-8. They are shown as "\x1b" (a byte) or "\u202e" (a
// character). All other text stays as it is.
[[nodiscard]] std::string for_terminal(std::string_view text);

}  // namespace sotto::report
