#include <sotto/runtime/top_k.hpp>

#include <algorithm>

namespace sotto {

void TopK::insert(const ScoredItem& candidate) noexcept {
  if (found_ == best_.size()) {
    std::pop_heap(best_.begin(), best_.end(), ranks_before);
    --found_;
  }
  best_[found_++] = candidate;
  std::push_heap(best_.begin(), best_.begin() + static_cast<std::ptrdiff_t>(found_), ranks_before);
}

std::size_t TopK::finish() noexcept {
  std::sort_heap(best_.begin(), best_.begin() + static_cast<std::ptrdiff_t>(found_), ranks_before);
  return found_;
}

std::size_t top_k(const Kernels& kernels, std::span<const std::int32_t> scores, std::span<const std::uint8_t> excluded,
                  std::span<const std::uint8_t> allowed, std::span<ScoredItem> best) noexcept {
  if (best.empty()) return 0;
  TopK top(best);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    // Once there are enough items, nearly all others score below the worst kept one, whose index is lower. They are
    // skipped by score alone, without reading the masks.
    if (top.is_full()) i = kernels.find_above(scores.data(), i, scores.size(), top.worst().score);
    if (i == scores.size()) break;
    if ((excluded.empty() || excluded[i] == 0) && (allowed.empty() || allowed[i] != 0))
      top.insert({static_cast<ItemIndex>(i), scores[i]});
  }
  return top.finish();
}

}  // namespace sotto
