// The figure around a plot: its title and the names of its colors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::report {

// The number of colors in the style sheet. Further series repeat them, and their lines are dotted.
inline constexpr std::size_t series_colors = 7;

enum class Swatch { block, line };

// Opens a <figure> that the caller closes.
[[nodiscard]] std::string open_figure(std::string_view title, std::string_view unit);
// Returns the legend. Empty for fewer than two names.
[[nodiscard]] std::string legend(const std::vector<std::string>& names, Swatch swatch);
// Returns the CSS class that gives a series its color, and a line its dashes.
[[nodiscard]] std::string series_class(std::size_t series);

}  // namespace sotto::report
