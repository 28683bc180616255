// The arms of an evaluation of a model: whatever is made of the model, and the baselines.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/arm.hpp>
#include <sotto/model/spec.hpp>

#include <memory>
#include <string>
#include <vector>

namespace sotto::evaluate {

// "popularity", "recent_popularity", "markov", "sequential_knn" and "item_knn", counted on the split's training
// events.
[[nodiscard]] std::vector<Arm> baseline_arms(const data::Split& split);

// The log's item index → the catalogue's, or unknown_item; empty when the log's items are the catalogue's, in the same
// order.
[[nodiscard]] std::vector<ItemIndex> map_items(const data::Interactions& log, const Catalogue& catalogue);

// A model, a variant or a part of one: `ranker` scores the items of `catalogue`, in its order.
[[nodiscard]] Arm model_arm(std::string name, std::unique_ptr<Ranker> ranker, const Catalogue& catalogue,
                            const data::Interactions& log);

// Whether the second model is what the first was before quantization: the same architecture, items and
// training log.
[[nodiscard]] bool same_origin(const ModelInfo& fixed, const ModelInfo& floating);

// Whether the training events show that nobody meets an item twice in this log: fewer than one event in a
// thousand repeats one of its user's. Then the items of a user's history are out of the question, and the
// published figures for such logs leave them out of the ranking.
[[nodiscard]] bool history_never_repeats(const data::Split& split);

}  // namespace sotto::evaluate
