#include <sotto/evaluate/top_items.hpp>

#include <algorithm>
#include <limits>

namespace sotto::evaluate {

void top_items(std::span<const double> scores, std::size_t k, std::vector<ItemIndex>& best) {
  best.clear();
  if (k == 0) return;
  const auto better = [scores](ItemIndex a, ItemIndex b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  };
  // A heap holds the best items so far, with the worst of them in front. Items come by rising index, so that an item
  // with the front's score is not better.
  double worst = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!(scores[i] > worst)) continue;
    if (best.size() == k) {
      std::ranges::pop_heap(best, better);
      best.pop_back();
    }
    best.push_back(static_cast<ItemIndex>(i));
    std::ranges::push_heap(best, better);
    if (best.size() == k) worst = scores[best.front()];
  }
  std::ranges::sort_heap(best, better);
}

}  // namespace sotto::evaluate
