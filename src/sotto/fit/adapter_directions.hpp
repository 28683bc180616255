// The fixed directions along which a user's adapter reads the head's input (personal/adapter.hpp).
#pragma once

#include <sotto/runtime/engine.hpp>

#include <cstdint>
#include <vector>

namespace sotto::fit {

// Returns the first principal axes of the head's rows, [adapter_rank_of(H) × H] in units of 1/127. Differences of
// inputs along these axes change the recommendations most. The largest component of each axis is positive.
// Precondition: a softmax head.
[[nodiscard]] std::vector<std::int8_t> adapter_directions(const Engine& engine);

}  // namespace sotto::fit
