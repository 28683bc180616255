// Makes the arms of a model's evaluation: the model's variants and the baselines.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/arm.hpp>
#include <sotto/model/spec.hpp>

#include <memory>
#include <string>
#include <vector>

namespace sotto::evaluate {

// Returns "popularity", "recent_popularity", "markov", "sequential_knn" and "item_knn", which count the training events
// of `learned`. Where users may meet an item again, those of the user's own past follow: "frequency", "recency" and
// "past_and_knn", which is tuned on the validation targets of `split`. Both have the same test targets. `learned` is
// `split` or, to know as much as a model with a final training, split.with_validation_trained().
[[nodiscard]] std::vector<Arm> baseline_arms(const data::Split& split, const data::Split& learned,
                                             bool exclude_history);

// Maps the log's item index to the catalogue's, or to unknown_item. Empty if both have the same items in the same
// order.
[[nodiscard]] std::vector<ItemIndex> map_items(const data::Interactions& log, const Catalogue& catalogue);

// Makes the arm of a model, a variant or a part of one. Precondition: `ranker` scores the items of `catalogue`, in its
// order.
[[nodiscard]] Arm model_arm(std::string name, std::unique_ptr<Ranker> ranker, const Catalogue& catalogue,
                            const data::Interactions& log);

// A catalogue that begins with the log's items may continue with items that nobody touched. They become items of the
// log without an event, so that every arm ranks them. Another catalogue changes nothing.
void add_untouched_items(const Catalogue& catalogue, data::Interactions& log);

}  // namespace sotto::evaluate
