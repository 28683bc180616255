// Text and numbers as they are written into a page.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sotto::report {

// Safe between tags and inside quoted attributes: & < > " ' become entities, control characters U+FFFD.
[[nodiscard]] std::string escape(std::string_view text);

// "12,345.68": thousands are set off. "–" when there is no such number (not finite).
[[nodiscard]] std::string number_text(double value, int decimals);

// How many decimals show these values with about four digits; 0 when all are whole.
[[nodiscard]] int decimals_for(std::span<const double> values) noexcept;

}  // namespace sotto::report
