// Ranks items that differ from each other, by maximal marginal relevance (Carbonell and Goldstein, 1998) in integers
// (docs/numbers.md).
#pragma once

#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/top_k.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

inline constexpr int diversity_bits = 15;
inline constexpr std::int32_t max_diversity = 1 << diversity_bits;

// The ranking chooses from the best items. The number of candidates for each place is fixed, up to a bound, because the
// work grows with places · candidates.
inline constexpr std::size_t candidates_per_place = 4;
inline constexpr std::size_t max_diverse_candidates = 512;

// Returns the cosine of two rows of one model in units of 2^-15, rounded towards 0. It is 0 if a row is all 0.
[[nodiscard]] std::int32_t cosine_q15(const EmbeddingRow& a, const EmbeddingRow& b) noexcept;

// Scratch of one thread. Allocates at construction only.
class DiverseRanking {
 public:
  // The engine must outlive the ranking.
  explicit DiverseRanking(const Engine& engine);

  // Returns memory for the plain ranking's best items, for the places in `best`. If there are more places than
  // candidates, it is `best` itself, and the items behind the candidates keep their order.
  [[nodiscard]] std::span<ScoredItem> candidates(std::span<ScoredItem> best) noexcept;

  // Fills `best` from the first `found` items of candidates(best), which are in their plain order. Returns the number
  // of items in `best`. Legal: 1 ≤ diversity ≤ max_diversity.
  [[nodiscard]] std::size_t rank(std::size_t found, std::int32_t diversity, std::span<ScoredItem> best) noexcept;

 private:
  struct Candidate {
    ScoredItem scored;
    std::int32_t square;  // squared length of its vector
    std::int32_t relevance;  // Q15: 1 for the best candidate's score, 0 for the worst's
    std::int32_t nearest;  // Q15: its largest cosine with an item that already has a place
    bool has_place;
  };

  void prepare(std::span<const ScoredItem> plain) noexcept;
  [[nodiscard]] std::size_t next_best(std::int32_t diversity) const noexcept;
  void place(std::size_t chosen) noexcept;

  const Engine* engine_;
  std::vector<ScoredItem> plain_;  // [max_diverse_candidates]
  std::vector<Candidate> candidates_;  // at most max_diverse_candidates
};

}  // namespace sotto
