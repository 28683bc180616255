#include <sotto/personal/hidden_items.hpp>

#include <algorithm>

namespace sotto {

void HiddenItems::hide(ItemIndex item, std::int64_t until) {
  const auto known = std::ranges::find(items_, item, &HiddenItem::item);
  if (known != items_.end()) {
    known->until = std::max(known->until, until);
    return;
  }
  if (items_.size() == hidden_capacity) items_.erase(std::ranges::min_element(items_, {}, &HiddenItem::until));
  items_.push_back({item, until});
}

void HiddenItems::show(ItemIndex item) noexcept {
  const auto known = std::ranges::find(items_, item, &HiddenItem::item);
  if (known != items_.end()) items_.erase(known);
}

void HiddenItems::lower_to(std::int64_t latest) noexcept {
  for (HiddenItem& hidden : items_) {
    if (hidden.until != hidden_for_ever) hidden.until = std::min(hidden.until, latest);
  }
}

bool HiddenItems::contains(ItemIndex item) const noexcept {
  return std::ranges::find(items_, item, &HiddenItem::item) != items_.end();
}

void HiddenItems::at(std::int64_t now, std::vector<ItemIndex>& items) const {
  items.clear();
  for (const HiddenItem& hidden : items_) {
    if (now < hidden.until) items.push_back(hidden.item);
  }
}

}  // namespace sotto
