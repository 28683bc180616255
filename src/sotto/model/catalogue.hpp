// The catalogue describes the items behind the model's indices. It is stored by columns. Each column has one entry for
// each item, or is empty.
#pragma once

#include <sotto/model/item_index.hpp>

#include <string>
#include <vector>

namespace sotto {

struct Catalogue {
  std::vector<std::string> item_ids;  // the vocabulary: unique, non-empty, in index order
  std::vector<std::string> titles;  // empty, or one for each item ("" where unknown)
  std::vector<std::string> categories;  // likewise
  std::vector<std::string> images;  // likewise: URLs, absolute or relative to the page
  std::vector<double> prices;  // empty, or one for each item; NaN where unknown
  std::string currency;  // ISO 4217, such as "GBP"; empty when unknown

  [[nodiscard]] ItemIndex size() const noexcept { return static_cast<ItemIndex>(item_ids.size()); }
};

}  // namespace sotto
