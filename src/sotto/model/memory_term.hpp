// The start values of learning on the device. They rate the items of a user's own past, with the times of its events
// (the first weights of personal/memory.hpp). They also rate all other items (personal/taste.hpp). Like the history
// term, they are fitted to validation targets. They are not part of the model's own scores: a device without times or
// without learning never reads them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto {

// A visit ends when the user does nothing for this long.
inline constexpr std::int64_t visit_gap_seconds = 1800;

// Every item of the past has one bucket of each feature. Each feature has two sets of weights: one within a visit and
// one at its beginning.
enum class MemoryFeature : std::size_t {
  elapsed,        // time since its latest event: within a minute of this visit, then in doublings of 225 s
  age,            // number of events since its latest event, in doublings
  visit_share,    // share of the visits since its first visit that contain it, in eighths
  rhythm,         // time since its latest event, divided by its mean interval between visits, in half octaves
  sequence,       // how closely it followed earlier occurrences of this visit's latest items
  follows,        // how often it directly followed an earlier occurrence of the last item: 0, 1, 2, 3 and more
  repeat_rate,    // share of the user's last 32 events that are repeats: unknown, then in ninths
  company,        // how often earlier visits with the item also contain this visit's items, in doublings
  latest_events,  // each of the last three events: outside this visit, new to the user, or repeated
  visit_length,   // number of events in this visit, in doublings
  visits,         // number of visits with the item (up to 4 and more) and of visits since the latest one (up to 4)
  expected,       // the model's own probability for the item, in halvings
};
inline constexpr std::array<std::uint16_t, 12> memory_buckets{16, 11, 9, 11, 10, 4, 10, 8, 27, 8, 20, 20};
inline constexpr std::size_t memory_features = memory_buckets.size();

// The place of each feature's first weight within a visit. The weights for the beginning of a visit lie
// memory_weights_of_moment places later.
inline constexpr auto memory_weight_begin = [] {
  std::array<std::uint16_t, memory_features> begin{};
  for (std::size_t f = 1; f < memory_features; ++f)
    begin[f] = static_cast<std::uint16_t>(begin[f - 1] + memory_buckets[f - 1]);
  return begin;
}();
inline constexpr std::size_t memory_weights_of_moment = memory_weight_begin.back() + memory_buckets.back();
inline constexpr std::size_t memory_weights = 2 * memory_weights_of_moment;

// The vectors that a user's latest events give for all items, including items that the user never met. Each vector is
// scaled and added to the vector that the head multiplies (personal/recent_means.hpp).
enum class RecentMean : std::size_t {
  state,       // mean of the head's input over the latest few events, minus its current value
  few_items,   // mean of the head's rows for the latest few items
  many_items,  // the same for the latest hundred items
};
inline constexpr std::size_t recent_means = 3;

// The number of directions of the head's input that a user's adapter reads (personal/adapter.hpp).
[[nodiscard]] constexpr std::size_t adapter_rank_of(std::size_t hidden_dim) noexcept {
  return hidden_dim < 16 ? hidden_dim : 16;
}
inline constexpr float adapter_direction_unit = 1.0F / 127;

inline constexpr std::int32_t min_memory_temperature = 1 << 10;
inline constexpr std::int32_t max_memory_temperature = 1 << 20;

struct MemoryTerm {
  // Scores determine the ranking, and softmax(temperature · scores) are probabilities. Q15.16, 1/64 … 16.
  std::int32_t temperature = 1 << 16;
  std::array<std::int32_t, memory_weights> weight{};  // logits after the temperature, Q15.16
  std::array<std::int32_t, recent_means> recent{};    // the start values of the recent means' scales, Q15.16
  std::vector<std::int8_t> direction;  // [adapter_rank_of(H) × H], each row about 127 long

  bool operator==(const MemoryTerm&) const = default;
};

}  // namespace sotto
