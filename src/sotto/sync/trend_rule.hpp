// The rule from noisy histograms to the next trend. Each batch of reports gives a histogram over slots. The rule keeps
// a decayed sum of the histograms and compares it with the counts that the model expects. It uses only what is
// published anyway, so that it costs no privacy.
//
// Each new batch also tests the trend that was made before it: its gain is the log-likelihood of the batch under
// the trend minus that under the model, in nats for each report. The trend's prior follows this gain, less twice its
// standard error. Where a catalogue does not drift, the gain is about 0, and the trend is switched off.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::sync {

struct TrendRuleOptions {
  double decay = 0.5;  // share of the earlier sum that stays at each batch
  double threshold = 1.5;  // deviations by which a count must differ before it counts as different
  double smoothing = 3;  // counts added to both sides of a ratio, in addition to the noise's deviation
  double gain_decay = 0.7;  // share of the earlier gains that stays at each batch
  double prior_for_each_nat = 4;
};

// The trend after a batch.
struct TrendUpdate {
  std::vector<float> log_ratio;  // [slots], nats; 0 for slot 0
  float prior = 0;  // 0 … max_trend_prior; 0: switched off
  double gain = 0;  // mean gain of the earlier trends, nats for each report
  double gain_error = 0;  // its standard error
};

// What the rule carries from batch to batch.
struct TrendState {
  std::vector<double> counts;  // [slots]: decayed sum of the histograms
  double noise_variance = 0;  // of each of them
  double reports = 0;  // decayed number of reports
  std::vector<float> log_ratio;  // [slots]: of the latest trend; empty before the first batch
  double gain_sum = 0;
  double gain_variance = 0;
  double gain_weight = 0;
};

struct Batch {
  std::span<const std::int64_t> histogram;  // [slots], with noise: entries may be negative
  std::uint64_t reports = 0;
  double noise_variance = 0;  // of an entry: the sum of both aggregators' variances
};

// expected: [slots], the share of choices that the model expects on each slot, from the operator's validation events
// (≥ 0, sum ≤ 1). is_new: [slots], whether the item had no training event. New items never lose.
// Fails with wrong_shape if sizes differ, and with invalid_argument for a batch without reports, and then changes
// nothing.
[[nodiscard]] Result<TrendUpdate> update_trend(TrendState& state, const Batch& batch, std::span<const double> expected,
                                               const std::vector<bool>& is_new, const TrendRuleOptions& options = {});

}  // namespace sotto::sync
