// Formats text and numbers for a page.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sotto::report {

// Makes text safe between tags and inside quoted attributes. & < > " ' become entities, and control characters become
// U+FFFD.
[[nodiscard]] std::string escape(std::string_view text);

// Returns text such as "12,345.68", with commas between thousands. A value that is not finite gives "–".
[[nodiscard]] std::string number_text(double value, int decimals);

// Returns the number of decimals that shows these values with about four digits. It is 0 if all values are whole.
[[nodiscard]] int decimals_for(std::span<const double> values) noexcept;

}  // namespace sotto::report
