// Which items a page may show: a mask made once and used for any number of recommendations.
#pragma once

#include <sotto/model/catalogue.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sotto {

// Every step narrows further. An item may be in several categories, split by '|' as in the items file (docs/data.md),
// or in none.
class ItemFilter {
 public:
  // Lets every item through. The catalogue must outlive the filter.
  explicit ItemFilter(const Catalogue& catalogue);

  // Items in at least one of these categories; categories that no item has are ignored.
  ItemFilter& only(std::span<const std::string_view> categories);
  // Items in none of them.
  ItemFilter& without(std::span<const std::string_view> categories);
  // These items; unknown indices are ignored.
  ItemFilter& among(std::span<const ItemIndex> items);

  // For RecommendOptions: a byte for each item, 1 where it may come.
  [[nodiscard]] std::span<const std::uint8_t> allowed() const noexcept { return allowed_; }

 private:
  const Catalogue* catalogue_;
  std::vector<std::uint8_t> allowed_;
};

}  // namespace sotto
