// The figure around a plot: its title and the names of its colours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::report {

inline constexpr std::size_t series_colours =
    7;  // defined in the style sheet; further series repeat them, their lines in dots

enum class Swatch { block, line };

// Opens a <figure> that the caller closes.
[[nodiscard]] std::string open_figure(std::string_view title, std::string_view unit);
// Nothing for fewer than two names.
[[nodiscard]] std::string legend(const std::vector<std::string>& names, Swatch swatch);
// The class that gives a series its colour, and a line its dashes.
[[nodiscard]] std::string series_class(std::size_t series);

}  // namespace sotto::report
