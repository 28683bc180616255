// The arms of an evaluation of a model: itself, its float original, and the baselines.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/runtime/engine.hpp>

#include <vector>

namespace sotto::evaluate {

// "popularity", "markov" and "sequential_knn", counted on the split's training events.
[[nodiscard]] std::vector<Arm> baseline_arms(const data::Split& split);

// "float": the model must outlive the arm. "fixed": the engine must; `catalogue` is its model's.
[[nodiscard]] Arm float_arm(const FloatModel& model, const data::Interactions& log);
[[nodiscard]] Arm fixed_arm(const Engine& engine, const Catalogue& catalogue, const data::Interactions& log);

// Whether the second model is what the first was before quantisation: the same architecture, items and
// training log.
[[nodiscard]] bool same_origin(const ModelInfo& fixed, const ModelInfo& floating);

// Whether the training events show that nobody meets an item twice in this log: fewer than one event in a
// thousand repeats one of its user's. Then the items of a user's history are out of the question, and the
// published figures for such logs leave them out of the ranking.
[[nodiscard]] bool history_never_repeats(const data::Split& split);

}  // namespace sotto::evaluate
