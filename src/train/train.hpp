// Training of Embedding → LSTM × N → item head for next-item prediction (docs/training.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/split.hpp>
#include <sotto/model/float_model.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace sotto::train {

// Above this many items the loss is sampled softmax unless the options say otherwise: full softmax costs
// items · hidden_dim for every event.
inline constexpr std::uint32_t max_full_softmax_items = 20'000;

// `negatives` values that are no counts.
inline constexpr std::uint32_t choose_negatives = 0;                // full softmax up to max_full_softmax_items
inline constexpr std::uint32_t every_item = 0xffff'ffffU;           // full softmax whatever the catalogue's size

// The defaults serve any log. Options that are 0 where 0 makes no sense are chosen from the log.
struct TrainOptions {
  std::uint32_t embedding_dim = 64;
  std::uint32_t hidden_dim = 64;
  std::uint32_t layers = 1;
  bool tied_head = true;
  bool skip_connection = true;
  float input_dropout = 0.1F;         // of the events' embeddings
  float dropout = 0.2F;               // of every layer's hidden values on their way up
  float learning_rate = 8e-3F;        // of the first step; falls linearly to 2 % of it at the end of max_epochs
  float weight_decay = 0.0F;          // decoupled, per unit of learning rate
  float clip_norm = 1.0F;             // largest norm of a step's gradient; 0: no clipping
  std::uint32_t batch_windows = 32;   // windows per optimiser step; small logs get fewer
  std::uint32_t window = 64;          // events per window: backpropagation through time stops at its edges
  std::uint32_t negatives = choose_negatives;  // per step, shared by its events
  float negative_alpha = 0.5F;        // negatives are drawn from popularity^alpha
  std::uint32_t max_epochs = 0;       // 0: chosen from the number of optimiser steps in an epoch
  std::uint32_t patience = 5;         // epochs without a better validation NDCG@10 before training stops
  std::uint64_t seed = 1;
  std::uint32_t threads = 0;  // 0: all cores; the result does not depend on it
};

// A snapshot for the progress line.
struct Progress {
  std::uint32_t epoch = 0;  // from 1
  std::uint32_t max_epochs = 0;
  std::uint64_t events_done = 0;  // of this epoch
  std::uint64_t events_per_epoch = 0;
  double events_per_second = 0;
  double loss = 0;                // mean cross-entropy of this epoch so far, nats
  double validation_ndcg10 = 0;   // of the last finished epoch; 0 before
  double best_validation_ndcg10 = 0;
  double seconds = 0;
  double eta_seconds = 0;  // to the end of this epoch
};

struct TrainHooks {
  std::function<void(const Progress&)> on_progress;  // called from the training thread, a few times a second
  const std::atomic<bool>* stop = nullptr;           // when set, training ends after the current step
  std::filesystem::path checkpoint;                  // written atomically after every better epoch; empty: none
};

// Trains on the split's training events and keeps the weights of the best validation NDCG@10; without
// validation targets, those of the last epoch. A stop request ends training early with the best weights so
// far (those of the current epoch if there are none).
// `catalogue` gives the items; its ids must be those of the split's log in the same order.
[[nodiscard]] Result<FloatModel> train(const data::Split& split, const Catalogue& catalogue,
                                       const TrainOptions& options, const TrainHooks& hooks);

}  // namespace sotto::train
