// The k-core of a log: what is left when users and items with fewer than k events are taken out again and again until
// there are none.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>

namespace sotto::data {

// It may leave nothing.
void keep_k_core(Interactions& log, std::size_t k);

}  // namespace sotto::data
