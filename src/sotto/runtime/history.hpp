// The user's latest events.
#pragma once

#include <sotto/model/history_term.hpp>
#include <sotto/model/item_index.hpp>

#include <span>
#include <vector>

namespace sotto {

// A value. Its memory grows with the events, up to history_capacity of them.
class History {
 public:
  // Appends an event. If the history is full, the oldest event is removed.
  void observe(ItemIndex item);
  void clear() noexcept { events_.clear(); }
  // Replaces the events. Precondition: there are at most history_capacity events.
  void assign(std::span<const ItemIndex> events) { events_.assign(events.begin(), events.end()); }

  // Oldest first.
  [[nodiscard]] std::span<const ItemIndex> events() const noexcept { return events_; }

 private:
  std::vector<ItemIndex> events_;
};

}  // namespace sotto
