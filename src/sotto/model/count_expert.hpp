// The head's count expert is a sparse table of quantized weights. It states which items followed which in the training
// log. Like the history term, it adds to the logits. A recurrent net with few units cannot represent every pair of
// items of a large or sparse log. A table with a few neighbors for each item can.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace sotto {

inline constexpr std::size_t count_expert_events = 16;  // the user's latest events that are looked up
inline constexpr int count_decay_bits = 15;  // fractional bits of the events' weights
inline constexpr int count_bits = 20;  // fractional bits of summed counts
inline constexpr std::int32_t max_count_multiplier = 1 << 16;
inline constexpr std::size_t count_curve_knots = 30;  // at counts 2^0, 2^1 … 2^29 in units of 2^-count_bits

// An item's count is s = Σ decay[a] · weight(j → item) · multiplier[j] over the user's latest events, where j is the
// event's item and a its age. Always s < 16 · 2^24. The curve at s is added to the item's logit. The curve is linear
// between its knots. Items with s = 0 get no addition.
struct CountExpert {
  std::vector<std::uint32_t> begin;  // [items + 1]: the place of each item's first neighbor
  std::vector<std::uint32_t> neighbor;  // item indices, ascending within an item's
  std::vector<std::uint8_t> weight;  // [neighbors], ≥ 1
  std::vector<std::int32_t> multiplier;  // [items], 1 … max_count_multiplier: a row's scale in units of 2^-count_bits
  std::array<std::int32_t, count_expert_events> decay{};  // 0 … 2^count_decay_bits, by the event's age
  std::array<std::int32_t, count_curve_knots> curve{};  // logits, Q15.16

  bool operator==(const CountExpert&) const = default;
};

// Returns the addition to the logit of an item with count s, in Q15.16. Legal: 1 ≤ s < 2^29.
[[nodiscard]] std::int64_t count_bonus(const CountExpert& expert, std::uint32_t s) noexcept;

}  // namespace sotto
