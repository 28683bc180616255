// What many users choose at present, in comparison with what the model expects. It comes from an aggregate over many
// devices (docs/privacy.md). On the device it is one more expert: with the probability b, the belief, the prediction p
// becomes proportional to p · exp(log_ratio). The belief starts at the trend's prior. It follows the expert's record
// with this user, which fades (trend_belief.hpp). A user whom the trend does not help keeps the prediction p.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// In nats, in both directions.
inline constexpr float max_trend_log_ratio = 31.0F;
inline constexpr float max_trend_prior = 0.9F;

struct TrendItem {
  ItemIndex item;
  float log_ratio;  // in nats
};

// A value that all users of a model share. It does not change.
class Trend {
 public:
  // Has no effect.
  Trend() = default;

  // Items must ascend, each once, below `items`. Log-ratios must be within ± max_trend_log_ratio, and the prior within
  // 0 … max_trend_prior. Fails with unknown_item, out_of_range or invalid_argument.
  [[nodiscard]] static Result<Trend> create(std::span<const TrendItem> trend, float prior, std::size_t items);

  // Without items or with a prior of 0, the trend has no effect.
  [[nodiscard]] bool has_effect() const noexcept { return prior_ > 0 && !items_.empty(); }
  [[nodiscard]] float prior() const noexcept { return prior_; }
  // Returns 0 for an item that the trend does not name.
  [[nodiscard]] float log_ratio(ItemIndex item) const noexcept;

  // Returns the sum of p · exp(log_ratio) over all items, for probabilities p. It has a positive lower bound.
  [[nodiscard]] float mass(std::span<const float> probabilities) const noexcept;
  // Returns the factor of an item's probability under the expert: exp(log_ratio) / mass.
  [[nodiscard]] float factor(ItemIndex item, float mass) const noexcept;
  // Adds the effect to logits, Q15.16. probabilities: those of the logits. belief: 0 … 1. to_score: the score units of
  // one nat.
  void add_to(std::span<std::int32_t> scores, std::span<const float> probabilities, float belief,
              float to_score) const noexcept;

 private:
  std::vector<ItemIndex> items_;  // ascending, each once
  std::vector<float> log_ratios_;
  std::vector<float> ratios_;  // exp(log_ratio)
  float prior_ = 0;
};

}  // namespace sotto
