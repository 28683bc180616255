// A query for target_ranks.hpp. All tiers share this plain data.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sotto::train {

struct RankQuery {
  const std::uint32_t* history = nullptr;  // items, oldest first
  std::size_t length = 0;                  // ≥ 1
  std::uint32_t target = 0;
  bool excludes_history = false;  // the history's items, except the target, are no candidates
};

}  // namespace sotto::train
