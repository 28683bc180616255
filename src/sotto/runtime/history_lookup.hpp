// Summarizes a user's latest events for each item that they contain. The history term reads these values.
#pragma once

#include <sotto/model/history_term.hpp>
#include <sotto/model/item_index.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

struct ItemEvidence {
  ItemIndex item;
  std::uint32_t age;    // events since its latest occurrence
  std::uint32_t count;  // occurrences
  bool follows;         // it followed an earlier occurrence of the last item
};

// Scratch of one thread: 2 bytes for each item. Allocates at construction only.
class HistoryLookup {
 public:
  explicit HistoryLookup(std::uint32_t items);

  // Returns one entry for each distinct item, the latest first. Valid until the next call. Precondition: there are at
  // most history_capacity events, oldest first, and each is an item of the catalogue.
  [[nodiscard]] std::span<const ItemEvidence> evidence(std::span<const ItemIndex> events) noexcept;

 private:
  std::vector<ItemEvidence> evidence_;  // [history_capacity]
  std::vector<std::uint16_t> slot_;  // [items]: 1 + the item's place in evidence_, 0 for none; all 0 between calls
};

// Returns the addition to an item's logit, Q15.16.
[[nodiscard]] std::int64_t history_bonus(const HistoryTerm& term, const ItemEvidence& evidence) noexcept;

}  // namespace sotto
