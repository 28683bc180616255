#include <sotto/runtime/diverse_ranking.hpp>

#include <algorithm>
#include <bit>
#include <limits>

namespace sotto {
namespace {

// Returns floor(√value), by binary digits. Legal: 0 ≤ value < 2^62.
std::int64_t square_root(std::int64_t value) noexcept {
  std::int64_t root = 0;
  const auto digits = (std::bit_width(static_cast<std::uint64_t>(value)) + 1) / 2;
  for (std::int64_t digit = (std::int64_t{1} << digits) >> 1; digit > 0; digit >>= 1) {
    const std::int64_t larger = root | digit;
    if (larger * larger <= value) root = larger;
  }
  return root;
}

// By Cauchy–Schwarz, |a·b| ≤ √(a·a · b·b), and thus ≤ its floor. The cosine stays within ±1. Products of squares are ≤
// 2^52.
std::int32_t cosine_q15(std::int32_t dot, std::int32_t square_a, std::int32_t square_b) noexcept {
  const std::int64_t lengths = square_root(std::int64_t{square_a} * square_b);
  return lengths == 0 ? 0 : static_cast<std::int32_t>((std::int64_t{dot} << diversity_bits) / lengths);
}

}  // namespace

std::int32_t cosine_q15(const EmbeddingRow& a, const EmbeddingRow& b) noexcept {
  return cosine_q15(a.dot(b), a.dot(a), b.dot(b));
}

DiverseRanking::DiverseRanking(const Engine& engine) : engine_(&engine), plain_(max_diverse_candidates) {
  candidates_.reserve(max_diverse_candidates);
}

std::span<ScoredItem> DiverseRanking::candidates(std::span<ScoredItem> best) noexcept {
  if (best.size() > max_diverse_candidates) return best;
  return std::span(plain_).first(std::min(candidates_per_place * best.size(), max_diverse_candidates));
}

std::size_t DiverseRanking::rank(std::size_t found, std::int32_t diversity, std::span<ScoredItem> best) noexcept {
  if (found == 0) return 0;
  prepare(candidates(best).first(std::min(found, max_diverse_candidates)));
  const std::size_t places = std::min(best.size(), candidates_.size());
  for (std::size_t filled = 0; filled < places; ++filled) {
    const std::size_t chosen = filled == 0 ? 0 : next_best(diversity);
    best[filled] = candidates_[chosen].scored;
    place(chosen);
  }
  return std::min(found, best.size());
}

void DiverseRanking::prepare(std::span<const ScoredItem> plain) noexcept {
  candidates_.clear();
  const std::int64_t worst = plain.back().score;
  const std::int64_t range = plain.front().score - worst;
  for (const ScoredItem& scored : plain) {
    const std::int64_t above = scored.score - worst;  // < 2^32
    const auto relevance = range == 0 ? 0 : static_cast<std::int32_t>((above << diversity_bits) / range);
    const EmbeddingRow vector = engine_->embedding_row(scored.item);
    candidates_.push_back({scored, vector.dot(vector), relevance, std::numeric_limits<std::int32_t>::min(), false});
  }
}

// Returns the candidate with the largest (1 - diversity) · relevance - diversity · nearest. Among equal candidates, the
// earlier one in the plain order wins. Both terms are ≤ 2^30. Precondition: one candidate has no place yet.
std::size_t DiverseRanking::next_best(std::int32_t diversity) const noexcept {
  std::size_t best = candidates_.size();
  std::int64_t highest = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    if (candidate.has_place) continue;
    const std::int64_t marginal =
        std::int64_t{max_diversity - diversity} * candidate.relevance - std::int64_t{diversity} * candidate.nearest;
    if (marginal > highest) {
      highest = marginal;
      best = i;
    }
  }
  return best;
}

void DiverseRanking::place(std::size_t chosen) noexcept {
  Candidate& placed = candidates_[chosen];
  placed.has_place = true;
  const EmbeddingRow vector = engine_->embedding_row(placed.scored.item);
  for (Candidate& candidate : candidates_) {
    if (candidate.has_place) continue;
    const std::int32_t dot = vector.dot(engine_->embedding_row(candidate.scored.item));
    const std::int32_t cosine = cosine_q15(dot, candidate.square, placed.square);
    candidate.nearest = std::max(candidate.nearest, cosine);
  }
}

}  // namespace sotto
