// Trains a whole model: the network, the terms of its head, its fixed-point form and the memory's start.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/fit/fit_progress.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/described_items.hpp>
#include <sotto/train/train.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sotto::pipeline {

struct ModelOptions {
  train::TrainOptions training;  // what follows from the other options is settled by network()
  bool free_head = false;
  bool no_skip_connection = false;
  bool no_history_term = false;
  bool no_memory_term = false;
  bool no_final_training = false;  // a binary head gets none in any case
  std::uint32_t count_neighbors = fit::HeadTermOptions{}.count_neighbors;
  int head_bits = 8;

  // The options of the network's training. A head is tied where it can be; a binary head is free, without a skip
  // connection, and has a loss of its own.
  [[nodiscard]] train::TrainOptions network() const;
};

// In this order. The terms of the head, the memory term and the final training are left out where the options or the
// split say so.
enum class TrainingStage { network, head_terms, memory_term, final_network };

struct TrainingHooks {
  std::function<void(const train::Progress&)> on_training = {};  // as train::TrainHooks::on_progress, of both trainings
  std::function<void(const fit::FitProgress&)> on_fit = {};  // as fit::FitHooks::on_progress
  std::function<void(TrainingStage)> on_stage_end = {};  // from the calling thread
  const std::atomic<bool>* stop = nullptr;
  std::filesystem::path checkpoint = {};  // of the network's training, and final_checkpoint() of it; empty: none
  bool resume = false;
};

// "model.checkpoint" → "model.final.checkpoint", of the final training.
[[nodiscard]] std::filesystem::path final_checkpoint(const std::filesystem::path& checkpoint);

struct TrainedModel {
  FloatModel original;
  FixedModel fixed;  // made from `original`
  bool finished;  // false where it was stopped: the best so far, without what comes last in a training
  // The terms that were asked for and could not be fitted, for want of validation targets: "history term", …
  std::vector<std::string> dropped_terms = {};
  // Before the final training: of a finished model with a softmax head, where the split has validation targets
  // (validate_model.hpp).
  std::optional<evaluate::Evaluation> validation = {};
};

// Trains a network on the split's training events, and chooses its epochs, the terms of its head and the memory's start
// by the validation targets. A final training then repeats the chosen epochs with the validation targets as training
// events, and the terms' tables are made anew from them. The newest events are worth the most. In a sparse log they are
// a tenth of all. Precondition: the split's log has the items of `items`, in the same order.
[[nodiscard]] Result<TrainedModel> train_model(const data::Split& split, const train::DescribedItems& items,
                                               const ModelOptions& options, const train::Provenance& provenance,
                                               const TrainingHooks& hooks);

}  // namespace sotto::pipeline
