#include <sotto/data/distribution.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace sotto::data {
namespace {

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

double sum_of(std::span<const std::uint64_t> counts) {
  return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
}

}  // namespace

Quantiles quantiles(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto at = [&values](double share) {
    const double rank = std::ceil(share * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
  };
  return {.min = values.front(),
          .p10 = at(0.10),
          .p25 = at(0.25),
          .median = at(0.50),
          .p75 = at(0.75),
          .p90 = at(0.90),
          .p99 = at(0.99),
          .max = values.back(),
          .mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size())};
}

std::vector<double> robust_z_scores(const std::vector<double>& values) {
  std::vector<double> scores(values.size());
  if (values.empty()) return scores;
  const double median = median_of(values);
  std::vector<double> distances(values.size());
  std::ranges::transform(values, distances.begin(), [median](double value) { return std::abs(value - median); });
  double deviation = 1.4826 * median_of(distances);
  if (deviation == 0) {
    deviation = 1.2533 * std::accumulate(distances.begin(), distances.end(), 0.0) / static_cast<double>(values.size());
  }
  if (deviation == 0) return scores;
  std::ranges::transform(values, scores.begin(), [=](double value) { return (value - median) / deviation; });
  return scores;
}

double gini(std::vector<std::uint64_t> counts) {
  const double sum = sum_of(counts);
  if (sum == 0) return 0;
  std::ranges::sort(counts);
  const auto n = static_cast<double>(counts.size());
  double weighted = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    weighted += static_cast<double>(i + 1) * static_cast<double>(counts[i]);
  return 2 * weighted / (n * sum) - (n + 1) / n;
}

double share_of_top(std::vector<std::uint64_t> counts, double share) {
  const double sum = sum_of(counts);
  if (sum == 0) return 0;
  const auto top = std::min(
      counts.size(), static_cast<std::size_t>(std::max(1.0, std::ceil(share * static_cast<double>(counts.size())))));
  std::ranges::partial_sort(counts, counts.begin() + static_cast<std::ptrdiff_t>(top), std::greater<>{});
  return sum_of(std::span(counts).first(top)) / sum;
}

double jensen_shannon_distance(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  const double sum_a = sum_of(a);
  const double sum_b = sum_of(b);
  if (sum_a == 0 || sum_b == 0) return 0;
  double divergence = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double p = static_cast<double>(a[i]) / sum_a;
    const double q = static_cast<double>(b[i]) / sum_b;
    const double mean = (p + q) / 2;
    if (p > 0) divergence += p * std::log2(p / mean) / 2;
    if (q > 0) divergence += q * std::log2(q / mean) / 2;
  }
  return std::sqrt(std::clamp(divergence, 0.0, 1.0));
}

}  // namespace sotto::data
