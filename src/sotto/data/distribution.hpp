// Figures about many values at once: quantiles, robust outlier scores, inequality, distance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::data {

struct Quantiles {
  double min = 0;
  double p10 = 0;
  double p25 = 0;
  double median = 0;
  double p75 = 0;
  double p90 = 0;
  double p99 = 0;
  double max = 0;
  double mean = 0;
};

// By nearest rank; all 0 for no values.
[[nodiscard]] Quantiles quantiles(std::vector<double> values);

// How many robust standard deviations each value lies above the median: the deviation is 1.4826 times the median
// distance from the median or, where more than half of the values are equal, 1.2533 times the mean distance. All 0 when
// all values are equal.
[[nodiscard]] std::vector<double> robust_z_scores(const std::vector<double>& values);

// 0 when all have the same, towards 1 when one has all.
[[nodiscard]] double gini(std::vector<std::uint64_t> counts);

// The share of all that the largest `share` of the counts have (rounded up to one count at least).
[[nodiscard]] double share_of_top(std::vector<std::uint64_t> counts, double share);

// The square root of the Jensen–Shannon divergence (base 2) of two distributions given as counts: 0 when they are the
// same, 1 when they have nothing in common, also 0 when one of them is empty. Both have the same length.
[[nodiscard]] double jensen_shannon_distance(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);

}  // namespace sotto::data
