#include <sotto/evaluate/metrics.hpp>

#include <cmath>

namespace sotto::evaluate {

std::uint32_t pessimistic_rank(std::span<const double> scores, std::size_t target) noexcept {
  const double target_score = scores[target];
  std::uint32_t rank = 0;
  // !(s < target_score) is also true if either value is NaN. The target counts itself, so that ranks start at 1.
  for (const double score : scores) rank += static_cast<std::uint32_t>(!(score < target_score));
  return rank;
}

double hit_rate(std::uint32_t rank, std::uint32_t k) noexcept { return rank <= k ? 1.0 : 0.0; }

double ndcg(std::uint32_t rank, std::uint32_t k) noexcept {
  return rank <= k ? 1.0 / std::log2(static_cast<double>(rank) + 1.0) : 0.0;
}

double reciprocal_rank(std::uint32_t rank, std::uint32_t k) noexcept {
  return rank <= k ? 1.0 / static_cast<double>(rank) : 0.0;
}

}  // namespace sotto::evaluate
