#include <sotto/runtime/top_k.hpp>

#include <algorithm>

namespace sotto {
namespace {

bool better(const ScoredItem& a, const ScoredItem& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

}  // namespace

std::size_t top_k(std::span<const std::int32_t> scores, std::span<const std::uint8_t> excluded,
                  std::span<ScoredItem> best) noexcept {
  if (best.empty()) return 0;
  std::size_t found = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (excluded[i] != 0) continue;
    const ScoredItem candidate{static_cast<ItemIndex>(i), scores[i]};
    if (found < best.size()) {
      best[found++] = candidate;
      std::push_heap(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(found), better);
    } else if (better(candidate, best.front())) {  // the heap's front is the worst kept
      std::pop_heap(best.begin(), best.end(), better);
      best.back() = candidate;
      std::push_heap(best.begin(), best.end(), better);
    }
  }
  std::sort_heap(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(found), better);
  return found;
}

}  // namespace sotto
