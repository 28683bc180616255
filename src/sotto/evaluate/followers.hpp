// Counts which items follow which in the training events.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/neighbor_table.hpp>

#include <cstddef>
#include <cstdint>

namespace sotto::evaluate {

struct FollowerOptions {
  std::uint32_t window = 1;        // number of later events that count, 1 … 255
  double decay = 1;                // an event d steps ahead counts decay^(d - 1)
  std::size_t max_neighbors = 0;  // for each item; 0: all
};

[[nodiscard]] NeighborTable count_followers(const data::Split& split, const FollowerOptions& options);

}  // namespace sotto::evaluate
