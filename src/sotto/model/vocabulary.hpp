// Finds an item's index by its id.
#pragma once

#include <sotto/model/catalogue.hpp>
#include <sotto/model/item_index.hpp>

#include <optional>
#include <string_view>
#include <unordered_map>

namespace sotto {

// Maps an item id to its index. It refers to the ids of its catalogue, which must outlive it and must not be moved.
class Vocabulary {
 public:
  explicit Vocabulary(const Catalogue& catalogue);
  [[nodiscard]] std::optional<ItemIndex> find(std::string_view item_id) const;

 private:
  std::unordered_map<std::string_view, ItemIndex> index_;
};

}  // namespace sotto
