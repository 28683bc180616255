// Looks up a user's latest events in the count expert's table. Each item that followed one of them gets a count.
#pragma once

#include <sotto/model/count_expert.hpp>
#include <sotto/model/item_index.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

struct ItemCount {
  ItemIndex item;
  std::uint32_t count;  // in units of 2^-count_bits, ≥ 1
};

// Scratch of one thread: 4 bytes for each item, and 8 for each entry that counts() can have. Allocates at construction
// only.
class CountLookup {
 public:
  // The expert must outlive the lookup. It is null if the model has none.
  CountLookup(const CountExpert* expert, std::uint32_t items);

  // Looks up the latest count_expert_events of the events, which are the oldest first. Returns one entry for each item
  // with a count, in the order in which the items appeared. Valid until the next call.
  [[nodiscard]] std::span<const ItemCount> counts(std::span<const ItemIndex> events) noexcept;

  // The largest number of entries that counts() can have.
  [[nodiscard]] std::size_t capacity() const noexcept { return found_.size(); }

 private:
  const CountExpert* expert_;
  std::vector<std::uint32_t> count_;  // [items], all 0 between calls
  std::vector<ItemCount> found_;
};

}  // namespace sotto
