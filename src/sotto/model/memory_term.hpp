// What learning on the device begins with: what a user's own past says about each of its items, time included (the
// first weights of personal/memory.hpp), and what it says about all items (personal/taste.hpp). Fitted to validation
// targets as the history term is, but not part of the model's own scores: a device without times or without learning
// never looks at it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto {

// A visit ends where the user does nothing for this long.
inline constexpr std::int64_t visit_gap_seconds = 1800;

// Every item of the past has one bucket of each feature. All are looked at twice: within a visit and at its beginning.
enum class MemoryFeature : std::size_t {
  elapsed,        // time since its latest event: within a minute of this visit, then doublings of 225 s
  age,            // events since, in doublings
  visit_share,    // share of the visits since its first that had it, in eighths
  rhythm,         // time since its latest event, over its mean interval between visits: half octaves
  sequence,       // how closely it followed earlier occurrences of this visit's latest items
  follows,        // how often it came right after an earlier occurrence of the last item: 0, 1, 2, 3 and more
  repeat_rate,    // share of the user's last 32 events that repeated something: unknown, then in ninths
  company,        // how often earlier visits with it had this visit's items, in doublings
  latest_events,  // of the last three: outside this visit, new to the user, or repeated
  visit_length,   // events of this visit, in doublings
  visits,         // how many visits had it (up to 4 and more) and how many visits ago the latest was (up to 4)
  expected,       // how likely the model itself holds it, in halvings of the probability
};
inline constexpr std::array<std::uint16_t, 12> memory_buckets{16, 11, 9, 11, 10, 4, 10, 8, 27, 8, 20, 20};
inline constexpr std::size_t memory_features = memory_buckets.size();

// Where each feature's weights begin, within a visit; those at a visit's beginning are memory_weights_of_moment
// further.
inline constexpr auto memory_weight_begin = [] {
  std::array<std::uint16_t, memory_features> begin{};
  for (std::size_t f = 1; f < memory_features; ++f)
    begin[f] = static_cast<std::uint16_t>(begin[f - 1] + memory_buckets[f - 1]);
  return begin;
}();
inline constexpr std::size_t memory_weights_of_moment = memory_weight_begin.back() + memory_buckets.back();
inline constexpr std::size_t memory_weights = 2 * memory_weights_of_moment;

// What a user's latest events say about all items, also those that the user never met: a part of each of these vectors
// is added to what the head multiplies (personal/recent_means.hpp).
enum class RecentMean : std::size_t {
  state,       // the head's input as its mean over the latest few events, minus what it is now
  few_items,   // mean of the head's rows of the latest few items
  many_items,  // the same of the latest hundred
};
inline constexpr std::size_t recent_means = 3;

// How many directions of the head's input a user's adapter reads (personal/adapter.hpp).
[[nodiscard]] constexpr std::size_t adapter_rank_of(std::size_t hidden_dim) noexcept {
  return hidden_dim < 16 ? hidden_dim : 16;
}
inline constexpr float adapter_direction_unit = 1.0F / 127;

inline constexpr std::int32_t min_memory_temperature = 1 << 10;
inline constexpr std::int32_t max_memory_temperature = 1 << 20;

struct MemoryTerm {
  // Scores rank; softmax(temperature · scores) are probabilities. Q15.16, 1/64 … 16.
  std::int32_t temperature = 1 << 16;
  std::array<std::int32_t, memory_weights> weight{};  // logits after the temperature, Q15.16
  std::array<std::int32_t, recent_means> recent{};    // the first parts of the recent means, Q15.16
  std::vector<std::int8_t> direction;  // [adapter_rank_of(H) × H], each row about 127 long

  bool operator==(const MemoryTerm&) const = default;
};

}  // namespace sotto
