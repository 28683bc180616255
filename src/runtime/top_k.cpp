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

std::size_t top_k(std::span<const std::int32_t> scores, std::span<const std::uint8_t> excluded,
                  std::span<const std::uint8_t> allowed, std::span<ScoredItem> best) noexcept {
  if (best.empty()) return 0;
  TopK top(best);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const ScoredItem candidate{static_cast<ItemIndex>(i), scores[i]};
    // The score is asked first: it turns nearly all items away, and the masks are not read for those.
    if (!top.keeps(candidate) || excluded[i] != 0) continue;
    if (allowed.empty() || allowed[i] != 0) top.insert(candidate);
  }
  return top.finish();
}

}  // namespace sotto
