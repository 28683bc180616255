#include <sotto/simulate/slots.hpp>
#include <sotto/sync/slot_map.hpp>

namespace sotto::simulate {

Slots::Slots(std::span<const std::uint64_t> training_counts, std::size_t max_slots)
    : items_(sync::items_with_slots(training_counts, max_slots - 1)),
      slot_of_(training_counts.size(), 0),
      is_new_{false} {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    slot_of_[items_[i]] = i + 1;
    is_new_.push_back(training_counts[items_[i]] == 0);
  }
}

}  // namespace sotto::simulate
