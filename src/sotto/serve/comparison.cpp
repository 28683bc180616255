#include <sotto/serve/comparison.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::serve {
namespace {

constexpr double normal_quantile = 1.959963984540054;  // of 0.975

Estimate around(double value, double variance) noexcept {
  const double half = normal_quantile * std::sqrt(std::max(variance, 0.0));
  return {value, value - half, value + half};
}

double real(std::uint64_t count) noexcept { return static_cast<double>(count); }

double variance_of(const Sum& sum, double count) noexcept {
  return count < 2 ? 0 : std::max((sum.squares - sum.sum * sum.sum / count) / (count - 1), 0.0);
}

}  // namespace

std::optional<Estimate> share_of(std::uint64_t hits, std::uint64_t count) noexcept {
  if (count == 0) return std::nullopt;
  const double n = real(count);
  const double share = real(hits) / n;
  const double square = normal_quantile * normal_quantile;
  const double center = (share + square / (2 * n)) / (1 + square / n);
  const double half = normal_quantile / (1 + square / n) * std::sqrt(share * (1 - share) / n + square / (4 * n * n));
  // At 0 and 1 the ends are exact, and rounding must not take the share out of its interval.
  return Estimate{share, std::clamp(center - half, 0.0, share), std::clamp(center + half, share, 1.0)};
}

std::optional<Estimate> mean_of(const Sum& sum, std::uint64_t count) noexcept {
  if (count < 2) return std::nullopt;
  const double n = real(count);
  return around(sum.sum / n, variance_of(sum, n) / n);
}

std::optional<Comparison> compare(std::span<const Stratum> periods) noexcept {
  Choices control;
  Choices treatment;
  for (const Stratum& period : periods) {
    if (period.control.count == 0 || period.treatment.count == 0) continue;
    control.add(period.control);
    treatment.add(period.treatment);
  }
  if (std::min(control.count, treatment.count) < min_compared_choices || control.hits + treatment.hits == 0) {
    return std::nullopt;
  }
  const double control_variance = variance_of(control.ndcg, real(control.count));
  const double treatment_variance = variance_of(treatment.ndcg, real(treatment.count));

  double weights = 0;
  double hits = 0;  // sums over the periods
  double p = 0;
  double q = 0;
  double ndcg = 0;
  double ndcg_variance = 0;
  for (const Stratum& period : periods) {
    if (period.control.count == 0 || period.treatment.count == 0) continue;
    const double n0 = real(period.control.count);
    const double n1 = real(period.treatment.count);
    const double a = real(period.treatment.hits);
    const double b = real(period.control.hits);
    const double n = n0 + n1;
    const double weight = n0 * n1 / n;
    weights += weight;
    hits += (a * n0 - b * n1) / n;
    p += (n1 * n1 * b - n0 * n0 * a + n1 * n0 * (n0 - n1) / 2) / (n * n);
    q += (a * (n0 - b) + b * (n1 - a)) / (2 * n);
    ndcg += weight * (period.treatment.ndcg.sum / n1 - period.control.ndcg.sum / n0);
    ndcg_variance += weight * weight * (treatment_variance / n1 + control_variance / n0);
  }
  const double difference = hits / weights;
  return Comparison{control.count, treatment.count, around(difference, (difference * p + q) / (weights * weights)),
                    around(ndcg / weights, ndcg_variance / (weights * weights))};
}

std::optional<Comparison> compare(const PairedChoices& pairs) noexcept {
  const std::uint64_t count = pairs.shown.count;
  if (count < min_compared_choices) return std::nullopt;
  // Half a choice more in each of the four cells: without it, few discordant pairs give an interval that is too short.
  const double n = real(count) + 2;
  const double b = real(pairs.only_shown) + 0.5;
  const double c = real(pairs.only_shadow) + 0.5;
  const Estimate interval = around((c - b) / n, (b + c - (c - b) * (c - b) / n) / (n * n));
  const double difference = (real(pairs.only_shadow) - real(pairs.only_shown)) / real(count);
  return Comparison{
      count,
      count,
      {difference, std::min(interval.low, difference), std::max(interval.high, difference)},
      around(pairs.ndcg_difference.sum / real(count), variance_of(pairs.ndcg_difference, real(count)) / real(count))};
}

}  // namespace sotto::serve
