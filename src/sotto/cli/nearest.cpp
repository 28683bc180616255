#include <sotto/cli/nearest.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace sotto::cli {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the table of distances between the first letters of both: of the last two letters and the present one.
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> present(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    present[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      present[j] = std::min({replaced, last[j] + 1, present[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) present[j] = std::min(present[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, present);
  }
  return last[b.size()];
}

std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& known) {
  constexpr std::size_t max_length = 64;
  if (typed.size() > max_length) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const std::string& word : known) {
    const std::size_t distance = edit_distance(typed, word);
    if (distance >= best_distance) continue;
    best = word;
    best_distance = distance;
  }
  return best;
}

}  // namespace sotto::cli
