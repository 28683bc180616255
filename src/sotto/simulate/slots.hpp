// The slots of the reports. Slot 0 stands for nothing, or for an item without a slot. sync::items_with_slots says which
// items have one.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::simulate {

class Slots {
 public:
  // Gives a slot to as many items as there are slots, at most all. max_slots: with slot 0, ≥ 2.
  Slots(std::span<const std::uint64_t> training_counts, std::size_t max_slots);

  [[nodiscard]] std::size_t size() const noexcept { return items_.size() + 1; }
  // Precondition: 1 ≤ slot < size().
  [[nodiscard]] ItemIndex item_of(std::size_t slot) const noexcept { return items_[slot - 1]; }
  // [size()]: whether the slot's item has no training event.
  [[nodiscard]] const std::vector<bool>& is_new() const noexcept { return is_new_; }

  // The sums of values of the items by slot: those of items without a slot are in slot 0. Precondition: values.size() =
  // the number of items.
  template <class Value>
  [[nodiscard]] std::vector<Value> by_slot(std::span<const Value> values) const {
    std::vector<Value> sums(size(), Value{0});
    for (std::size_t item = 0; item < values.size(); ++item) sums[slot_of_[item]] += values[item];
    return sums;
  }

 private:
  std::vector<ItemIndex> items_;  // ascending
  std::vector<std::size_t> slot_of_;  // [items]
  std::vector<bool> is_new_;
};

}  // namespace sotto::simulate
