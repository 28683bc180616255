// What a recommendation is to leave out, and how much its items are to differ.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstdint>
#include <span>

namespace sotto {

struct RecommendOptions {
  // Items that must not come, in any order, repeats allowed, unknown indices ignored: what this call alone leaves out.
  std::span<const ItemIndex> exclude{};
  // Empty, or a byte for each item that is 0 where it must not come: a mask made once (item_filter.hpp) for many calls.
  std::span<const std::uint8_t> allowed{};
  // 0: by score alone; up to max_diversity (diverse_ranking.hpp): each next item also unlike those before it.
  std::int32_t diversity = 0;
  // As exclude: what the user asked not to see.
  std::span<const ItemIndex> hidden{};
};

}  // namespace sotto
