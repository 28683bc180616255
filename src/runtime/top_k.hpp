// The k best of many scores, without sorting them all.
#pragma once

#include <sotto/model/catalogue.hpp>

#include <cstdint>
#include <span>

namespace sotto {

struct ScoredItem {
  ItemIndex item;
  std::int32_t score;  // logit, Q15.16
};

// Fills `best` with the highest scores, best first, ties by lower index, skipping items whose `excluded`
// byte is not 0. Returns how many were found: best.size(), or fewer when fewer items remain.
// Uses a binary heap of best.size() entries: O(items · log k) at worst, near O(items) in practice.
[[nodiscard]] std::size_t top_k(std::span<const std::int32_t> scores, std::span<const std::uint8_t> excluded,
                                std::span<ScoredItem> best) noexcept;

}  // namespace sotto
