// A query for target_ranks.hpp. All tiers share this plain data.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sotto::train {

struct RankQuery {
  const std::uint32_t* history = nullptr;  // items, oldest first
  std::size_t length = 0;                  // ≥ 1
  std::uint32_t target = 0;
};

}  // namespace sotto::train
