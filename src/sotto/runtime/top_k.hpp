// Selects the k best of many scores without sorting all of them.
#pragma once

#include <sotto/model/item_index.hpp>
#include <sotto/numeric/kernels.hpp>

#include <cstdint>
#include <span>

namespace sotto {

struct ScoredItem {
  ItemIndex item;
  std::int32_t score;  // logit, Q15.16
};

// The order of every ranking: higher scores first, ties by lower index.
[[nodiscard]] constexpr bool ranks_before(const ScoredItem& a, const ScoredItem& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

// Keeps the best.size() best of the offered items, which may come in any order. It is a binary heap in the caller's
// memory.
class TopK {
 public:
  explicit TopK(std::span<ScoredItem> best) noexcept : best_(best) {}

  [[nodiscard]] bool is_full() const noexcept { return found_ == best_.size(); }
  // The worst of the kept items. Precondition: at least one is kept.
  [[nodiscard]] const ScoredItem& worst() const noexcept { return best_.front(); }  // the heap's front
  // Tells whether insert would keep this item. Precondition: best.size() ≥ 1.
  [[nodiscard]] bool keeps(const ScoredItem& candidate) const noexcept {
    return !is_full() || ranks_before(candidate, worst());
  }
  // Precondition: keeps(candidate).
  void insert(const ScoredItem& candidate) noexcept;
  // Sorts the items and returns their number. Nothing can be inserted afterwards.
  [[nodiscard]] std::size_t finish() noexcept;

 private:
  std::span<ScoredItem> best_;
  std::size_t found_ = 0;
};

// Fills `best` with the highest scores: best first, ties by lower index. Leaves out items whose `excluded` byte is not
// 0 and items whose `allowed` byte is 0. An empty mask allows all items. Returns the number of items found. It is less
// than best.size() if fewer items remain. The cost is O(items · log k) in the worst case and near O(items) in practice.
[[nodiscard]] std::size_t top_k(const Kernels& kernels, std::span<const std::int32_t> scores,
                                std::span<const std::uint8_t> excluded, std::span<const std::uint8_t> allowed,
                                std::span<ScoredItem> best) noexcept;

}  // namespace sotto
