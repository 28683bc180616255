// The k-core of a log. It is the rest of the log after users and items with fewer than k events are removed repeatedly,
// until none are left.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>

namespace sotto::data {

// The result may be empty.
void keep_k_core(Interactions& log, std::size_t k);

}  // namespace sotto::data
