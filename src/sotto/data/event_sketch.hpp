// Recognizing training events in another log without storing them: a bottom-k sketch (Cohen and Kaplan,
// 2007) of 32-bit event hashes. It samples the k events with the smallest hashes; another log's events that
// hash no higher than the sketch's largest entry and are in it were, but for chance, trained on.
#pragma once

#include <sotto/data/split.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::data {

inline constexpr std::size_t event_sketch_size = 2048;

// The hash of one event, the low half of an XXH64 over user id, item id, timestamp and how many identical
// events the user has before it: a held-out repeat of a training event is another event. `event` is a row of
// the log, one of the user's.
[[nodiscard]] std::uint32_t event_hash(const Interactions& log, std::size_t user, std::size_t event);

// The smallest distinct hashes of the split's training events, ascending, at most event_sketch_size.
[[nodiscard]] std::vector<std::uint32_t> sketch_training_events(const Split& split);

// How many of the split's test targets (or, under "none", of its users' last events) fall into the sketch's sampled
// range, and how many of those are in it.
struct SketchOverlap {
  std::size_t sampled = 0;
  std::size_t seen = 0;
};
[[nodiscard]] SketchOverlap overlap_with_targets(const Split& split, const std::vector<std::uint32_t>& sketch);

}  // namespace sotto::data
