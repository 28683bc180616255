// Rows of a step's gradient for the items that the step uses, in order of appearance. The cost of a step thus does not
// grow with the catalogue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

class GradientRows {
 public:
  explicit GradientRows(std::size_t items) : row_of_item_(items, no_row) {}

  void clear() {
    for (const std::uint32_t item : items_) row_of_item_[item] = no_row;
    items_.clear();
  }
  // Returns the item's row. The first call for an item since clear() makes a new row.
  std::uint32_t row_of(std::uint32_t item) {
    if (row_of_item_[item] == no_row) {
      row_of_item_[item] = static_cast<std::uint32_t>(items_.size());
      items_.push_back(item);
    }
    return row_of_item_[item];
  }
  void rows_of(std::span<const std::uint32_t> items, std::vector<std::uint32_t>& rows) {
    rows.clear();
    for (const std::uint32_t item : items) rows.push_back(row_of(item));
  }
  [[nodiscard]] std::span<const std::uint32_t> items() const noexcept { return items_; }

 private:
  static constexpr std::uint32_t no_row = 0xffff'ffffU;
  std::vector<std::uint32_t> items_;
  std::vector<std::uint32_t> row_of_item_;  // [items]; no_row, except for items_
};

}  // namespace sotto::train
