// The items that the user asked not to see, each with the end of that time.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace sotto {

inline constexpr std::size_t hidden_capacity = 512;
inline constexpr std::int64_t hidden_for_ever = std::numeric_limits<std::int64_t>::max();

struct HiddenItem {
  ItemIndex item;
  std::int64_t until;  // seconds since 1970; from then on the item may be shown again
};

// A value. Its memory grows with the list, up to hidden_capacity items.
class HiddenItems {
 public:
  // Hides an item until that time, or until its present end if that is later. If the list is full, the item whose time
  // ends first is removed.
  void hide(ItemIndex item, std::int64_t until);
  void show(ItemIndex item) noexcept;
  // Lowers the ends after a moment to it, except those of items that are hidden for ever.
  void lower_to(std::int64_t latest) noexcept;
  void clear() noexcept { items_.clear(); }
  // Precondition: there are at most hidden_capacity items.
  void assign(std::span<const HiddenItem> items) { items_.assign(items.begin(), items.end()); }

  [[nodiscard]] bool contains(ItemIndex item) const noexcept;
  // Replaces `items` by the items that are hidden at that time.
  void at(std::int64_t now, std::vector<ItemIndex>& items) const;
  // The items in the order in which they were first hidden.
  [[nodiscard]] std::span<const HiddenItem> all() const noexcept { return items_; }

 private:
  std::vector<HiddenItem> items_;
};

}  // namespace sotto
