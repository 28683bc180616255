// The user's latest events, and what they say about each item they contain.
#pragma once

#include <sotto/model/item_index.hpp>
#include <sotto/model/history_term.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// What a history says about one of its items.
struct ItemEvidence {
  ItemIndex item;
  std::uint32_t age;    // events since its latest occurrence
  std::uint32_t count;  // occurrences
  bool follows;         // it followed an earlier occurrence of the last item
};

// Allocates at construction only.
class History {
 public:
  explicit History(std::uint32_t items);

  void observe(ItemIndex item) noexcept;
  void clear() noexcept { length_ = 0; }
  // Replaces the events. Precondition: at most history_capacity events, each an item of the catalogue.
  void assign(std::span<const ItemIndex> events) noexcept;

  // Oldest first, at most history_capacity.
  [[nodiscard]] std::span<const ItemIndex> events() const noexcept { return {events_.data(), length_}; }

  // One entry for each distinct item, latest first. Valid until the next call.
  [[nodiscard]] std::span<const ItemEvidence> evidence() noexcept;

 private:
  std::vector<ItemIndex> events_;         // [history_capacity]
  std::size_t length_ = 0;
  std::vector<ItemEvidence> evidence_;    // [history_capacity]
  std::vector<std::uint16_t> slot_;  // [items]: 1 + the item's place in evidence_, 0 for none; all 0 between calls
};

// The addition to an item's logit, Q15.16.
[[nodiscard]] std::int64_t history_bonus(const HistoryTerm& term, const ItemEvidence& evidence) noexcept;

}  // namespace sotto
