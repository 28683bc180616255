// Finds what a mistyped word was meant to be.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::cli {

// The number of letters to insert, remove, replace or swap with their neighbor that makes `b` of `a` (optimal string
// alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The known word with the smallest distance, the first of several. Empty if more than a third of the letters differ.
[[nodiscard]] std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& known);

}  // namespace sotto::cli
