// A trained model's parts on their own, to see what each is worth.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/thread_pool.hpp>

#include <optional>

namespace sotto::fit {

// The network alone: without history term and count expert.
[[nodiscard]] FloatModel network_alone(const FloatModel& model);

// The count expert and the history term alone, over item popularity instead of a network's logits, fitted anew on the
// split's validation targets. Preconditions: the model has one of the two, and the split is its training's, with at
// least min_head_term_targets validation targets. Nothing when the fit was stopped.
[[nodiscard]] std::optional<FloatModel> counts_alone(const FloatModel& model, const data::Split& split,
                                                     train::ThreadPool& pool, const FitHooks& hooks = {});

}  // namespace sotto::fit
