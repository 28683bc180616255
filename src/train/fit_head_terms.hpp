// Learning what the head adds to the network's logits, on top of a trained network: the history term
// (model/history_term.hpp) and the count expert's curve (model/count_expert.hpp).
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstddef>
#include <cstdint>

namespace sotto::train {

// Fewer validation targets than this say too little to learn from.
inline constexpr std::size_t min_head_term_targets = 50;

struct HeadTermOptions {
  bool history_term = true;
  std::uint32_t count_neighbours = 20;  // that the count expert keeps for each item; 0: no count expert
};

// Adds the terms to the model. Of a few ways to count (narrow and forward, wide and both ways) the count expert keeps
// the one with the lower cross-entropy. With fewer validation targets than min_head_term_targets the model stays as it
// is.
void add_head_terms(FloatModel& model, const data::Split& split, const HeadTermOptions& options, ThreadPool& pool);

// Fits those of the terms that `model.weights` has (a default-constructed history term, a count expert with its table
// and decay), writes them there and returns the mean cross-entropy in nats. Minimises the cross-entropy of the split's
// validation targets (which the network was not trained on) over the terms' tables, a temperature of the network's
// logits and weights of the items' popularity overall and lately, by Adam on all of them at once. The temperature is
// divided out afterwards, since it changes no ranking; popularity goes into the head's biases. A prior keeps
// neighbouring entries alike and all values near 0 where targets are few. Deterministic on any number of threads.
// Precondition: validation_targets ≥ min_head_term_targets.
double fit_head_terms(FloatModel& model, const data::Split& split, ThreadPool& pool);

}  // namespace sotto::train
