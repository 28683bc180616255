// Statistics of many values: quantiles, robust outlier scores, inequality, distance.
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

// Quantiles by nearest rank. All are 0 if there are no values.
[[nodiscard]] Quantiles quantiles(std::vector<double> values);

// Returns the number of robust standard deviations by which each value exceeds the median. The deviation is 1.4826
// times the median distance from the median. If more than half of the values are equal, it is 1.2533 times the mean
// distance. All scores are 0 if all values are equal.
[[nodiscard]] std::vector<double> robust_z_scores(const std::vector<double>& values);

// Returns 0 if all counts are equal. The result approaches 1 if one count has the whole sum.
[[nodiscard]] double gini(std::vector<std::uint64_t> counts);

// Returns the share of the sum that the largest `share` of the counts have. The number of counts is rounded up to at
// least one.
[[nodiscard]] double share_of_top(std::vector<std::uint64_t> counts, double share);

// Returns the square root of the Jensen–Shannon divergence (base 2) of two distributions that are given as counts. It
// is 0 if they are equal and 1 if they have nothing in common. It is also 0 if one of them is empty. Precondition: both
// have the same length.
[[nodiscard]] double jensen_shannon_distance(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);

}  // namespace sotto::data
