// Fits the head's additions to a trained network's logits: the history term (model/history_term.hpp) and the count
// expert's curve (model/count_expert.hpp).
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/fit_progress.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sotto::fit {

// The min number of validation targets for a fit.
inline constexpr std::size_t min_head_term_targets = 50;

struct HeadTermOptions {
  bool history_term = true;
  std::uint32_t count_neighbors = 20;  // kept by the count expert for each item; 0: no count expert
};

// Adds the terms to the model. It tries two ways to count (narrow and forward, wide and in both directions) and keeps
// the one with the higher NDCG@10. The model does not change if it has a binary head, or if the split has fewer
// validation targets than min_head_term_targets. If it was stopped, returns false and does not change the model.
[[nodiscard]] bool add_head_terms(FloatModel& model, const data::Split& split, const HeadTermOptions& options,
                                  train::ThreadPool& pool, const FitHooks& hooks = {});

// Fits the terms of `model.weights` to the split's validation targets, which were not used to train the network. The
// terms are a default-constructed history term and a count expert with its table and decay. Writes them to the model.
// Returns the mean NDCG@10 of these targets (head_term_search.hpp), or nothing if it was stopped. The terms are divided
// by the temperature of the network's logits, which changes no ranking. Popularity is added to the head's biases. The
// result does not depend on the number of threads. Precondition: the split has at least min_head_term_targets
// validation targets.
std::optional<double> fit_head_terms(FloatModel& model, const data::Split& split, train::ThreadPool& pool,
                                     const FitHooks& hooks = {});

}  // namespace sotto::fit
