// Central differences in double precision, to hold analytic gradients against.
#pragma once

#include <sotto/base/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace sotto::test {

// Uniform in ±bound.
inline std::vector<double> random_values(std::size_t count, double bound, Random& random) {
  std::vector<double> values(count);
  for (double& value : values) value = bound * (2 * static_cast<double>(random.uniform()) - 1);
  return values;
}

inline std::vector<std::uint32_t> random_items(std::size_t count, std::uint32_t items, Random& random) {
  std::vector<std::uint32_t> values(count);
  for (auto& value : values) value = random.below(items);
  return values;
}

// The largest |analytic - numeric| / max(1, |numeric|) over at most `checks` of the values, evenly spread.
// `loss` reads the values through its own reference to them.
template <class Loss>
double gradient_error(double* values, const double* gradient, std::size_t count, std::size_t checks, Loss loss) {
  constexpr double h = 1e-5;
  const std::size_t stride = std::max<std::size_t>(1, count / checks);
  double worst = 0;
  for (std::size_t i = 0; i < count; i += stride) {
    const double kept = values[i];
    values[i] = kept + h;
    const double above = loss();
    values[i] = kept - h;
    const double below = loss();
    values[i] = kept;
    const double numeric = (above - below) / (2 * h);
    const double error = std::abs(gradient[i] - numeric) / std::max(1.0, std::abs(numeric));
    worst = std::isfinite(error) ? std::max(worst, error) : std::numeric_limits<double>::infinity();
  }
  return worst;
}

}  // namespace sotto::test
