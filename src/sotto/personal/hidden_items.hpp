// What the user asked not to see, and until when.
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
  std::int64_t until;  // seconds since 1970: the first moment at which it may be seen again
};

// Allocates at construction only.
class HiddenItems {
 public:
  HiddenItems();

  // An item that is hidden stays so for the longer time. In a full list the one that ends first makes room.
  void hide(ItemIndex item, std::int64_t until) noexcept;
  void show(ItemIndex item) noexcept;
  void clear() noexcept { items_.clear(); }
  // Precondition: at most hidden_capacity.
  void assign(std::span<const HiddenItem> items) noexcept { items_.assign(items.begin(), items.end()); }

  [[nodiscard]] bool contains(ItemIndex item) const noexcept;
  // Valid until the next call.
  [[nodiscard]] std::span<const ItemIndex> at(std::int64_t now) noexcept;
  // In the order in which they were hidden first.
  [[nodiscard]] std::span<const HiddenItem> all() const noexcept { return items_; }

 private:
  std::vector<HiddenItem> items_;
  std::vector<ItemIndex> current_;
};

}  // namespace sotto
