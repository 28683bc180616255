// The rank of an item among all candidates, as evaluate/metrics.hpp defines it, for logits as the engine has them.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstdint>
#include <span>

namespace sotto::simulate {

// Returns 1 + the number of other candidates with at least the target's score. excluded: items that are no candidates,
// each once, without the target.
[[nodiscard]] inline std::uint32_t rank_of(ItemIndex target, std::span<const std::int32_t> scores,
                                           std::span<const ItemIndex> excluded) noexcept {
  const std::int32_t limit = scores[target];
  std::uint32_t rank = 0;  // the target itself is counted
  for (const std::int32_t score : scores) rank += score >= limit ? 1U : 0U;
  for (const ItemIndex item : excluded) rank -= scores[item] >= limit ? 1U : 0U;
  return rank;
}

}  // namespace sotto::simulate
