// How much of an evaluation's figures is the order of events that are in the same second. In most logs that order is
// only that of the file.
#pragma once

#include <sotto/data/interactions.hpp>
#include <sotto/data/split.hpp>

#include <cstdint>

namespace sotto::evaluate {

// Tells whether so many test targets are in the same second as the event before them that the figures should be
// compared with those of shuffled_ties(). Not for logs whose times are finer than a second: their order is known.
[[nodiscard]] bool ties_matter(const data::Split& split);

// A copy of the split's log in which each user's events of the same second are in a random order. No event changes
// sides between those before the test and the test, nor its session: a split of the same kind has the same test
// targets, and each has the same events before it.
[[nodiscard]] data::Interactions shuffled_ties(const data::Split& split, std::uint64_t seed);

}  // namespace sotto::evaluate
