// The head's history term adds what the user's recent events tell about an item and the LSTM's state does not. Three
// facts each add a learned number to the item's logit: how long ago the user met the item, how often, and whether it
// followed an earlier occurrence of the last item. On logs with many repeats, the term matters more than the network.
// On logs where users consume each item only once, it learns to push seen items down.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace sotto {

inline constexpr std::uint32_t history_capacity = 1024;  // the user's latest events that are remembered
inline constexpr std::size_t age_buckets = 20;  // ages 0, 1, 2, 3, then two for each doubling up to 1023
inline constexpr std::size_t count_buckets = 5;  // 1, 2, 3–4, 5–8, 9 and more

// `age` counts the events since the item's latest event. It is 0 for the last event itself. Legal: age <
// history_capacity.
[[nodiscard]] constexpr std::size_t age_bucket(std::uint32_t age) noexcept {
  if (age < 4) return age;
  const auto octave = static_cast<std::uint32_t>(std::bit_width(age)) - 1;  // 2 … 9
  const std::uint32_t upper_half = (age >> (octave - 1)) & 1U;
  return 4 + 2 * (octave - 2) + upper_half;
}
static_assert(age_bucket(history_capacity - 1) == age_buckets - 1);

// `count` is the number of the item's events within the history. Legal: count ≥ 1.
[[nodiscard]] constexpr std::size_t count_bucket(std::uint32_t count) noexcept {
  return std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(count - 1)), count_buckets - 1);
}

// All numbers are logits, Q15.16. An item in the history gets age[age_bucket] + count[count_bucket]. If it followed an
// earlier occurrence of the last item, it also gets `follow`.
struct HistoryTerm {
  std::array<std::int32_t, age_buckets> age{};
  std::array<std::int32_t, count_buckets> count{};
  std::int32_t follow = 0;

  bool operator==(const HistoryTerm&) const = default;
};

}  // namespace sotto
