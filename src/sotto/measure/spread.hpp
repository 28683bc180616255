// A summary of many samples of one quantity.
#pragma once

#include <span>
#include <vector>

namespace sotto::measure {

struct Spread {
  double median = 0;
  double p10 = 0;
  double p90 = 0;
};

// Quantiles are interpolated linearly between neighboring samples. Precondition: there is at least one sample.
[[nodiscard]] Spread spread_of(std::vector<double> samples);

// Returns the median of numerators[i] / denominators[i]. A disturbance of a round affects both times, so that the ratio
// varies less than the times. Precondition: both have the same length, ≥ 1.
[[nodiscard]] double median_ratio(std::span<const double> numerators, std::span<const double> denominators);

}  // namespace sotto::measure
