#include <sotto/personal/trend.hpp>
#include <sotto/sync/trend_rule.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::sync {
namespace {

// Expected counts of items without a training event are tiny guesses. A lower bound keeps their ratios finite.
constexpr double min_expected_count = 1e-3;
// Standard errors that are taken off the gain.
constexpr double caution = 2;
// What a histogram's entry is worth as a count: the noise can make it negative.
double count_of(double entry) { return std::max(entry, 0.0); }

struct Gain {
  double nats = 0;  // for each report
  double variance = 0;
};

// Tests a trend on a batch that came after it. The batch's choices are independent of the trend's.
Gain gain_of(std::span<const float> log_ratio, const Batch& batch, std::span<const double> expected) {
  double sum = 0;
  double variance = 0;
  double mass = 1;
  for (std::size_t slot = 1; slot < log_ratio.size(); ++slot) {
    const auto ratio = static_cast<double>(log_ratio[slot]);
    if (ratio == 0) continue;
    const auto entry = static_cast<double>(batch.histogram[slot]);
    sum += entry * ratio;
    // The variance of a count is the count.
    variance += ratio * ratio * (batch.noise_variance + count_of(entry));
    mass += expected[slot] * (std::exp(ratio) - 1);
  }
  const auto reports = static_cast<double>(batch.reports);
  return {sum / reports - std::log(std::max(mass, 1e-6)), variance / (reports * reports)};
}

void judge(TrendState& state, const Batch& batch, std::span<const double> expected, double decay) {
  if (state.log_ratio.empty()) return;
  const Gain gain = gain_of(state.log_ratio, batch, expected);
  state.gain_sum = decay * state.gain_sum + gain.nats;
  state.gain_variance = decay * decay * state.gain_variance + gain.variance;
  state.gain_weight = decay * state.gain_weight + 1;
}

// The slot's count after what may be chance is taken off its difference from the expected count.
double believed_count(double count, double expected, double deviation) {
  const double difference = count - expected;
  return expected + std::copysign(std::max(std::abs(difference) - deviation, 0.0), difference);
}

}  // namespace

Result<TrendUpdate> update_trend(TrendState& state, const Batch& batch, std::span<const double> expected,
                                 const std::vector<bool>& is_new, const TrendRuleOptions& options) {
  const std::size_t slots = batch.histogram.size();
  if (slots == 0 || expected.size() != slots || is_new.size() != slots ||
      (!state.counts.empty() && state.counts.size() != slots)) {
    return Error{ErrorCode::wrong_shape, "a batch, the expected shares and the trend have different numbers of slots"};
  }
  if (batch.reports == 0) return Error{ErrorCode::invalid_argument, "a batch without a report gives no trend"};

  judge(state, batch, expected, options.gain_decay);
  state.counts.resize(slots);
  state.reports = options.decay * state.reports + static_cast<double>(batch.reports);
  state.noise_variance = options.decay * options.decay * state.noise_variance + batch.noise_variance;
  const double smoothing = options.smoothing + std::sqrt(state.noise_variance);
  // A decayed sum of counts has a smaller variance than its value, because the factors of the past are squared.
  const double variance_for_each_count = 1 / (1 + options.decay);

  TrendUpdate update;
  update.log_ratio.assign(slots, 0.0F);
  for (std::size_t slot = 1; slot < slots; ++slot) {
    double& count = state.counts[slot];
    count = options.decay * count + static_cast<double>(batch.histogram[slot]);
    const double expected_count = std::max(expected[slot] * state.reports, 0.0);
    const double deviation =
        options.threshold * std::sqrt(state.noise_variance + variance_for_each_count * std::max(count, expected_count));
    double ratio = 0;
    if (is_new[slot]) {
      const double surely = count - deviation;
      if (surely > 0) ratio = std::log(surely / std::max(expected_count, min_expected_count));
      // The model knows nothing of the item, so that it cannot be liked less than expected.
      ratio = std::max(ratio, 0.0);
    } else {
      const double believed = count_of(believed_count(count, expected_count, deviation));
      ratio = std::log((believed + smoothing) / (expected_count + smoothing));
    }
    constexpr auto bound = static_cast<double>(max_trend_log_ratio);
    update.log_ratio[slot] = static_cast<float>(std::clamp(ratio, -bound, bound));
  }
  state.log_ratio = update.log_ratio;
  if (state.gain_weight > 0) {
    update.gain = state.gain_sum / state.gain_weight;
    update.gain_error = std::sqrt(state.gain_variance) / state.gain_weight;
    const double prior = options.prior_for_each_nat * (update.gain - caution * update.gain_error);
    update.prior = static_cast<float>(std::clamp(prior, 0.0, static_cast<double>(max_trend_prior)));
  }
  return update;
}

}  // namespace sotto::sync
