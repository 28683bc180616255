// Learning what the head adds to the network's logits, on top of a trained network: the history term
// (model/history_term.hpp) and the count expert's curve (model/count_expert.hpp).
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/fit/fit_progress.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sotto::fit {

// Fewer validation targets than this say too little to learn from.
inline constexpr std::size_t min_head_term_targets = 50;

struct HeadTermOptions {
  bool history_term = true;
  std::uint32_t count_neighbors = 20;  // that the count expert keeps for each item; 0: no count expert
};

// Adds the terms to the model. Of a few ways to count (narrow and forward, wide and both ways) the count expert keeps
// the one with the higher NDCG@10. With fewer validation targets than min_head_term_targets the model stays as it is.
// Returns false when it was stopped: then the model is as it was.
[[nodiscard]] bool add_head_terms(FloatModel& model, const data::Split& split, const HeadTermOptions& options,
                                  train::ThreadPool& pool, const FitHooks& hooks = {});

// Fits those of the terms that `model.weights` has (a default-constructed history term, a count expert with its table
// and decay) to the split's validation targets, which the network was not trained on, writes them there and returns
// these targets' mean NDCG@10 (head_term_search.hpp), or nothing when it was stopped. The temperature of the network's
// logits is divided out, since it changes no ranking; popularity goes into the head's biases. Deterministic on any
// number of threads. Precondition: validation_targets ≥ min_head_term_targets.
std::optional<double> fit_head_terms(FloatModel& model, const data::Split& split, train::ThreadPool& pool,
                                     const FitHooks& hooks = {});

}  // namespace sotto::fit
