// The options of a recommendation: the items that it leaves out, and the degree to which its items differ.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstdint>
#include <span>

namespace sotto {

struct RecommendOptions {
  // Items that this call leaves out: in any order, repeats allowed, unknown indices ignored.
  std::span<const ItemIndex> exclude{};
  // Empty, or one byte for each item. The value 0 leaves the item out. One such mask can serve many calls.
  std::span<const std::uint8_t> allowed{};
  // With 0, the score alone decides. Up to max_diversity (diverse_ranking.hpp), each next item also differs from those
  // before it.
  std::int32_t diversity = 0;
  // Items that the user asked not to see. The rules of `exclude` apply to them.
  std::span<const ItemIndex> hidden{};
};

}  // namespace sotto
