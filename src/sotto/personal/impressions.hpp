// The items that were shown since the user's latest event. The next event means that the user passed over the other
// items.
#pragma once

#include <sotto/model/item_index.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace sotto {

inline constexpr std::size_t impressions_capacity = 32;

// A value.
class Impressions {
 public:
  // An item that is shown again counts once. If the capacity is exceeded, the items that were shown first are removed.
  void add(ItemIndex item) noexcept {
    remove(item);
    if (size_ == items_.size()) {
      std::copy(items_.begin() + 1, items_.end(), items_.begin());
      --size_;
    }
    items_[size_++] = item;
  }
  void remove(ItemIndex item) noexcept {
    const auto end = items_.begin() + static_cast<std::ptrdiff_t>(size_);
    size_ = static_cast<std::size_t>(std::remove(items_.begin(), end, item) - items_.begin());
  }
  void clear() noexcept { size_ = 0; }
  // Precondition: there are at most impressions_capacity items.
  void assign(std::span<const ItemIndex> items) noexcept {
    std::ranges::copy(items, items_.begin());
    size_ = items.size();
  }

  // The items in the order in which they were last shown.
  [[nodiscard]] std::span<const ItemIndex> items() const noexcept { return {items_.data(), size_}; }

 private:
  std::array<ItemIndex, impressions_capacity> items_{};
  std::size_t size_ = 0;
};

}  // namespace sotto
