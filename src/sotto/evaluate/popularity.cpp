#include <sotto/evaluate/popularity.hpp>

#include <algorithm>
#include <numeric>

namespace sotto::evaluate {
namespace {

constexpr double head_share = 0.2;
constexpr double head_and_mid_share = 0.5;

}  // namespace

std::vector<double> tie_breaking_popularity(const data::Split& split) {
  const auto counts = data::training_counts(split);
  double total = 1;
  for (const auto count : counts) total += static_cast<double>(count);
  std::vector<double> popularity(counts.size());
  std::ranges::transform(counts, popularity.begin(), [&](auto count) { return static_cast<double>(count) / total; });
  return popularity;
}

std::vector<double> popularity_percentiles(std::span<const std::uint64_t> counts) {
  std::vector<std::uint64_t> sorted(counts.begin(), counts.end());
  std::ranges::sort(sorted);
  std::vector<double> percentiles;
  percentiles.reserve(counts.size());
  for (const std::uint64_t count : counts) {
    const auto equal = std::ranges::equal_range(sorted, count);
    const auto fewer = static_cast<double>(equal.begin() - sorted.begin());
    percentiles.push_back((fewer + static_cast<double>(equal.size()) / 2) / static_cast<double>(counts.size()));
  }
  return percentiles;
}

std::vector<PopularityClass> popularity_classes(std::span<const std::uint64_t> counts) {
  std::vector<std::size_t> by_count(counts.size());
  std::iota(by_count.begin(), by_count.end(), std::size_t{0});
  std::ranges::sort(by_count, [counts](std::size_t a, std::size_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : a < b;
  });
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  std::vector<PopularityClass> classes(counts.size(), PopularityClass::unseen);
  double before = 0;
  for (const std::size_t item : by_count) {
    if (counts[item] == 0) break;
    classes[item] = before < head_share * total           ? PopularityClass::head
                    : before < head_and_mid_share * total ? PopularityClass::mid
                                                          : PopularityClass::tail;
    before += static_cast<double>(counts[item]);
  }
  return classes;
}

}  // namespace sotto::evaluate
