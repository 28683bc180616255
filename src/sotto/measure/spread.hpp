// What many samples of one quantity come to.
#pragma once

#include <span>
#include <vector>

namespace sotto::measure {

struct Spread {
  double median = 0;
  double p10 = 0;
  double p90 = 0;
};

// Quantiles lie between neighbouring samples in proportion. Precondition: there are samples.
[[nodiscard]] Spread spread_of(std::vector<double> samples);

// The median of numerators[i] / denominators[i]: what disturbs a round disturbs both. Precondition: as many of each,
// ≥ 1.
[[nodiscard]] double median_ratio(std::span<const double> numerators, std::span<const double> denominators);

}  // namespace sotto::measure
