// The settings that the options leave open. They are decided from the log.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/split.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/train/train.hpp>

#include <cstddef>
#include <string>

namespace sotto::train {

struct Plan {
  Architecture architecture;
  std::size_t positions = 0;        // training positions of an epoch
  std::size_t lanes = 0;            // users (or parts of them) that are trained in parallel
  std::size_t window = 0;           // steps per window
  std::size_t shards = 0;           // independent parts of a step; depends on the plan, not on the threads
  std::size_t steps_per_epoch = 0;
  std::uint32_t max_epochs = 0;
  std::size_t negatives = 0;        // 0: full softmax, or a binary head
  Loss loss = Loss::cross_entropy;
  double negative_alpha = 0;
  bool draws_untouched = true;  // negatives include items without a training event
};

// Refuses invalid options, and logs from which a next-item model cannot learn.
[[nodiscard]] Result<Plan> make_plan(const data::Split& split, const Catalogue& catalogue, const TrainOptions& options,
                                     const ItemFeatures& features = {});

// Returns the options as a JSON object for the model's training record. `threads` is left out, because it has no
// effect.
[[nodiscard]] std::string settings_json(const TrainOptions& options, const Plan& plan, const ItemFeatures& features);

}  // namespace sotto::train
