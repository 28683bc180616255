// Replays the users. It records each arm's rank of each target, and the lists that the arm would have shown.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/baskets.hpp>
#include <sotto/evaluate/evaluate.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace sotto::evaluate {

// The rank of a target that the arm does not know.
inline constexpr std::uint32_t missed = std::numeric_limits<std::uint32_t>::max();

struct Rankings {
  std::size_t arms = 0;
  std::size_t cutoffs = 0;
  std::vector<std::uint32_t> ranks;    // [targets × arms], 1-based, or `missed`
  std::vector<float> list_popularity;  // [targets × arms × cut-offs]: mean popularity percentile of the list
  std::vector<float> basket_recall;  // [baskets × arms × cut-offs]: share of the basket's items that are in the list
  std::vector<double> coverage;  // [arms × cut-offs]: share of the arm's items that are in any list

  [[nodiscard]] std::uint32_t rank(std::size_t target, std::size_t arm) const noexcept {
    return ranks[target * arms + arm];
  }
  [[nodiscard]] double popularity_of_list(std::size_t target, std::size_t arm, std::size_t cutoff) const noexcept {
    return static_cast<double>(list_popularity[(target * arms + arm) * cutoffs + cutoff]);
  }
  [[nodiscard]] double recall_of_basket(std::size_t basket, std::size_t arm, std::size_t cutoff) const noexcept {
    return static_cast<double>(basket_recall[(basket * arms + arm) * cutoffs + cutoff]);
  }
};

// Preconditions: `baskets` is find_baskets(split, targets); `targets` has the order of data::test_targets. Each basket
// is compared with the list made before its first event. `popularity` is the percentile of each of the log's items. If
// options.stop is set, the rankings are incomplete.
[[nodiscard]] Rankings rank_targets(const data::Split& split, std::span<const data::Target> targets,
                                    std::span<const Basket> baskets, std::span<const Arm> arms,
                                    std::span<const double> popularity, const EvaluateOptions& options,
                                    const std::function<void(std::size_t, std::size_t)>& on_progress);

}  // namespace sotto::evaluate
