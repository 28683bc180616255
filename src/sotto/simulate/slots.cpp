#include <sotto/simulate/slots.hpp>

#include <algorithm>
#include <numeric>

namespace sotto::simulate {

Slots::Slots(std::span<const std::uint64_t> training_counts, std::size_t max_slots)
    : items_(training_counts.size()), slot_of_(training_counts.size(), 0), is_new_{false} {
  std::iota(items_.begin(), items_.end(), ItemIndex{0});
  std::ranges::stable_sort(items_, [&](ItemIndex a, ItemIndex b) {
    const auto count_a = training_counts[a];
    const auto count_b = training_counts[b];
    return (count_a == 0) != (count_b == 0) ? count_a == 0 : count_a > count_b;
  });
  items_.resize(std::min(items_.size(), max_slots - 1));
  std::ranges::sort(items_);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    slot_of_[items_[i]] = i + 1;
    is_new_.push_back(training_counts[items_[i]] == 0);
  }
}

}  // namespace sotto::simulate
