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

// Quantiles are interpolated linearly between neighboring samples. Precondition: there are samples.
[[nodiscard]] Spread spread_of(std::vector<double> samples);

// The median of numerators[i] / denominators[i]. A disturbance of a round affects both, so that the ratio is steadier
// than the times. Precondition: as many of each, ≥ 1.
[[nodiscard]] double median_ratio(std::span<const double> numerators, std::span<const double> denominators);

}  // namespace sotto::measure
