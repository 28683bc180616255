// Ranking metrics over the whole catalogue for one relevant item in each prediction.
#pragma once

#include <cstdint>
#include <span>

namespace sotto::evaluate {

// Returns the target's rank, from 1, with ties counted against the model: 1 + the number of other items with at least
// the same score. A NaN score counts as higher.
[[nodiscard]] std::uint32_t pessimistic_rank(std::span<const double> scores, std::size_t target) noexcept;

// With one relevant item at rank r: HR@k = [r ≤ k]; NDCG@k = [r ≤ k] / log2(r + 1); MRR@k = [r ≤ k] / r.
[[nodiscard]] double hit_rate(std::uint32_t rank, std::uint32_t k) noexcept;
[[nodiscard]] double ndcg(std::uint32_t rank, std::uint32_t k) noexcept;
[[nodiscard]] double reciprocal_rank(std::uint32_t rank, std::uint32_t k) noexcept;

}  // namespace sotto::evaluate
