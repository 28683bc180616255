// The items that the user asked not to see, and until when.
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
  std::int64_t until;  // seconds since 1970: from then on it may be seen again
};

// A value: its memory grows with the list, up to hidden_capacity items.
class HiddenItems {
 public:
  // Hides an item until that time, or for as long as it is hidden already, whichever is longer. In a full list the item
  // whose time ends first makes room.
  void hide(ItemIndex item, std::int64_t until);
  void show(ItemIndex item) noexcept;
  void clear() noexcept { items_.clear(); }
  // Precondition: at most hidden_capacity.
  void assign(std::span<const HiddenItem> items) { items_.assign(items.begin(), items.end()); }

  [[nodiscard]] bool contains(ItemIndex item) const noexcept;
  // Replaces `items` by those that are hidden at that time.
  void at(std::int64_t now, std::vector<ItemIndex>& items) const;
  // In the order in which they were first hidden.
  [[nodiscard]] std::span<const HiddenItem> all() const noexcept { return items_; }

 private:
  std::vector<HiddenItem> items_;
};

}  // namespace sotto
