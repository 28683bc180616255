// The catalogue: what the model's item indices stand for. Column by column, all of the same length or empty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sotto {

// An item's row in the embedding and head tables, 0 … items - 1.
using ItemIndex = std::uint32_t;

struct Catalogue {
  std::vector<std::string> item_ids;    // the vocabulary: unique, non-empty, in index order
  std::vector<std::string> titles;      // empty, or one for each item ("" where unknown)
  std::vector<std::string> categories;  // likewise
  std::vector<std::string> images;      // likewise: URLs, absolute or relative to the page
  std::vector<double> prices;           // empty, or one for each item; NaN where unknown
  std::string currency;                 // ISO 4217, such as "GBP"; empty when unknown

  [[nodiscard]] ItemIndex size() const noexcept { return static_cast<ItemIndex>(item_ids.size()); }
};

// Item id → index. Keeps views into the catalogue it was made from, which must outlive it unmoved.
class Vocabulary {
 public:
  explicit Vocabulary(const Catalogue& catalogue);
  [[nodiscard]] std::optional<ItemIndex> find(std::string_view item_id) const;

 private:
  std::unordered_map<std::string_view, ItemIndex> index_;
};

}  // namespace sotto
