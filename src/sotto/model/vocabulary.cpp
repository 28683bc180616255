#include <sotto/model/vocabulary.hpp>

namespace sotto {

Vocabulary::Vocabulary(const Catalogue& catalogue) {
  index_.reserve(catalogue.item_ids.size());
  for (ItemIndex i = 0; i < catalogue.size(); ++i) index_.emplace(catalogue.item_ids[i], i);
}

std::optional<ItemIndex> Vocabulary::find(std::string_view item_id) const {
  const auto found = index_.find(item_id);
  if (found == index_.end()) return std::nullopt;
  return found->second;
}

}  // namespace sotto
