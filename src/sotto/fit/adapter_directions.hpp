// The fixed directions along which a user's adapter reads the head's input (personal/adapter.hpp).
#pragma once

#include <sotto/runtime/engine.hpp>

#include <cstdint>
#include <vector>

namespace sotto::fit {

// The principal axes of the head's rows, the first of them, [adapter_rank_of(H) × H] in 1/127: along them inputs differ
// most in what they recommend. The largest component of each is positive. Precondition: a softmax head.
[[nodiscard]] std::vector<std::int8_t> adapter_directions(const Engine& engine);

}  // namespace sotto::fit
