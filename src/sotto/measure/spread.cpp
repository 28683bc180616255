#include <sotto/measure/spread.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace sotto::measure {
namespace {

double quantile(std::span<const double> ascending, double share) {
  const double place = share * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return std::lerp(ascending[below], ascending[above], place - std::floor(place));
}

}  // namespace

Spread spread_of(std::vector<double> samples) {
  std::ranges::sort(samples);
  return {quantile(samples, 0.5), quantile(samples, 0.1), quantile(samples, 0.9)};
}

double median_ratio(std::span<const double> numerators, std::span<const double> denominators) {
  std::vector<double> ratios(numerators.size());
  std::ranges::transform(numerators, denominators, ratios.begin(), [](double a, double b) { return a / b; });
  return spread_of(std::move(ratios)).median;
}

}  // namespace sotto::measure
