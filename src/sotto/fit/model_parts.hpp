// Separates a trained model into its parts, to measure the contribution of each.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/thread_pool.hpp>

#include <optional>

namespace sotto::fit {

// Returns the network alone, without history term and count expert.
[[nodiscard]] FloatModel network_alone(const FloatModel& model);

// Returns the count expert and the history term alone. The items' log popularity replaces the network's logits, and the
// terms are fitted again to the split's validation targets. Returns nothing if the fit was stopped. Preconditions: the
// model has one of the two terms; the split is the one of its training and has at least min_head_term_targets
// validation targets.
[[nodiscard]] std::optional<FloatModel> counts_alone(const FloatModel& model, const data::Split& split,
                                                     train::ThreadPool& pool, const FitHooks& hooks = {});

}  // namespace sotto::fit
