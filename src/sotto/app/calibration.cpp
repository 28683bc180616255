#include <sotto/app/calibration.hpp>
#include <sotto/model/vocabulary.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace sotto::app {

data::Interactions in_indices_of(const Catalogue& catalogue, const data::Interactions& log) {
  const Vocabulary vocabulary(catalogue);
  std::vector<std::optional<ItemIndex>> index_of(log.item_ids.size());
  std::ranges::transform(log.item_ids, index_of.begin(), [&](const auto& id) { return vocabulary.find(id); });

  data::Interactions result;
  result.user_ids = log.user_ids;
  result.item_ids = catalogue.item_ids;
  result.user_begin.push_back(0);
  for (std::size_t user = 0; user < log.users(); ++user) {
    for (std::size_t event = log.user_begin[user]; event < log.user_begin[user + 1]; ++event) {
      const auto item = index_of[log.item[event]];
      if (!item) continue;
      result.item.push_back(*item);
      result.timestamp.push_back(log.timestamp[event]);
    }
    result.user_begin.push_back(result.item.size());
  }
  return result;
}

}  // namespace sotto::app
