// Recognizes training events in another log without storing the events. The method is a bottom-k sketch (Cohen and
// Kaplan, 2007) of 32-bit event hashes. It samples the k events with the smallest hashes. An event of another log was a
// training event, except by chance, if its hash is in the sketch. Only hashes up to the sketch's largest entry can be
// checked.
#pragma once

#include <sotto/data/split.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::data {

inline constexpr std::size_t event_sketch_size = 2048;

// Returns the hash of one event. It is the low half of an XXH64 over user id, item id, timestamp and the number of
// identical events that the user has before it. A held-out repeat of a training event is thus a different event.
// `event` is a row of the log that belongs to the user.
[[nodiscard]] std::uint32_t event_hash(const Interactions& log, std::size_t user, std::size_t event);

// Returns the smallest distinct hashes of the split's training events, ascending, at most event_sketch_size.
[[nodiscard]] std::vector<std::uint32_t> sketch_training_events(const Split& split);

// The number of the split's test targets that are in the sketch's sampled range, and the number of those that are in
// the sketch. Under "none", the targets are the users' last events.
struct SketchOverlap {
  std::size_t sampled = 0;
  std::size_t seen = 0;
};
[[nodiscard]] SketchOverlap overlap_with_targets(const Split& split, const std::vector<std::uint32_t>& sketch);

}  // namespace sotto::data
