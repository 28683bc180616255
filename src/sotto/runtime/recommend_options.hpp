// What a recommendation leaves out, and how much its items differ.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstdint>
#include <span>

namespace sotto {

struct RecommendOptions {
  // Items that this call leaves out: in any order, repeats allowed, unknown indices ignored.
  std::span<const ItemIndex> exclude{};
  // Empty, or a byte for each item that is 0 where the item is left out: a mask that serves many calls.
  std::span<const std::uint8_t> allowed{};
  // 0: by score alone. Up to max_diversity (diverse_ranking.hpp): each next item also differs from those before it.
  std::int32_t diversity = 0;
  // Items that the user asked not to see; otherwise as exclude.
  std::span<const ItemIndex> hidden{};
};

}  // namespace sotto
