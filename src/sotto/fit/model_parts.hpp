// Separates a trained model into its parts, to measure what each contributes.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/thread_pool.hpp>

#include <optional>

namespace sotto::fit {

// The network alone, without history term and count expert.
[[nodiscard]] FloatModel network_alone(const FloatModel& model);

// The count expert and the history term alone: the logits are the items' log popularity instead of a network's output,
// and the terms are fitted again to the split's validation targets. Returns nothing when the fit was stopped.
// Preconditions: the model has one of the two terms; the split is the one of its training and has at least
// min_head_term_targets validation targets.
[[nodiscard]] std::optional<FloatModel> counts_alone(const FloatModel& model, const data::Split& split,
                                                     train::ThreadPool& pool, const FitHooks& hooks = {});

}  // namespace sotto::fit
