// Text and numbers as they are written into a page.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sotto::report {

// Makes text safe between tags and inside quoted attributes: & < > " ' become entities, control characters become
// U+FFFD.
[[nodiscard]] std::string escape(std::string_view text);

// "12,345.68", with commas between thousands; "–" for a value that is not finite.
[[nodiscard]] std::string number_text(double value, int decimals);

// The number of decimals that shows these values with about four digits; 0 when all values are whole.
[[nodiscard]] int decimals_for(std::span<const double> values) noexcept;

}  // namespace sotto::report
