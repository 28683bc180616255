// How well the trend (personal/trend.hpp) predicted one user's choices. The record is the sum of the logarithms of the
// ratios between the trend's probability and the prediction's. At each event a small share of it fades.
#pragma once

namespace sotto {

class TrendBelief {
 public:
  // In nats, in both directions. It bounds the time that a user needs to change sides.
  static constexpr float max_record = 6.0F;

  [[nodiscard]] float record() const noexcept { return record_; }
  // The posterior probability of the trend for a prior of 0 … max_trend_prior. It is 0 for a prior of 0.
  [[nodiscard]] float belief(float prior) const noexcept;

  // Updates the record after an event. factor: the ratio of the trend's probability to the prediction's, ≥ 0.
  void update(float factor) noexcept;

  void clear() noexcept { record_ = 0; }
  // Precondition: |record| ≤ max_record.
  void restore(float record) noexcept { record_ = record; }

 private:
  float record_ = 0;
};

}  // namespace sotto
