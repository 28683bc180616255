#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/baselines.hpp>
#include <sotto/model/vocabulary.hpp>

#include <algorithm>
#include <utility>

namespace sotto::evaluate {

std::vector<ItemIndex> map_items(const data::Interactions& log, const Catalogue& catalogue) {
  if (log.item_ids == catalogue.item_ids) return {};
  const Vocabulary vocabulary(catalogue);
  std::vector<ItemIndex> index_of(log.item_ids.size());
  std::ranges::transform(log.item_ids, index_of.begin(),
                         [&](const std::string& id) { return vocabulary.find(id).value_or(unknown_item); });
  return index_of;
}

std::vector<Arm> baseline_arms(const data::Split& split, const data::Split& learned, bool exclude_history) {
  std::vector<Arm> arms;
  const auto add = [&](std::string name, std::unique_ptr<Ranker> ranker) {
    arms.push_back({std::move(name), ArmKind::baseline, std::move(ranker), split.log().item_ids.size()});
  };
  add("popularity", make_popularity_ranker(learned));
  add("recent_popularity", make_recent_popularity_ranker(learned));
  add("markov", make_markov_ranker(learned));
  add("sequential_knn", make_sequential_knn_ranker(learned));
  add("item_knn", make_item_knn_ranker(learned));
  if (exclude_history) return arms;  // the user's own past has no candidates then
  add("frequency", make_own_past_ranker(learned, frequency_kept_share));
  add("recency", make_own_past_ranker(learned, recency_kept_share));
  add("past_and_knn", make_past_and_knn_ranker(learned, tune_past_mixture(split)));
  return arms;
}

Arm model_arm(std::string name, std::unique_ptr<Ranker> ranker, const Catalogue& catalogue,
              const data::Interactions& log) {
  return {std::move(name), ArmKind::model, std::move(ranker), catalogue.size(), map_items(log, catalogue)};
}

void add_untouched_items(const Catalogue& catalogue, data::Interactions& log) {
  if (catalogue.size() < log.item_ids.size()) return;
  if (std::ranges::equal(log.item_ids, std::span(catalogue.item_ids).first(log.item_ids.size())))
    log.item_ids = catalogue.item_ids;
}

}  // namespace sotto::evaluate
