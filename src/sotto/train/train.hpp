// Trains Embedding → LSTM × N → head (docs/training.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/split.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/train/item_features.hpp>
#include <sotto/train/loss.hpp>
#include <sotto/train/optimizer_step.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace sotto::train {

// With more items than this, the loss is sampled softmax, unless the options choose another one. Full softmax costs
// items · hidden_dim multiplications for every event.
inline constexpr std::uint32_t max_full_softmax_items = 20'000;

// Values of `negatives` that are not counts.
inline constexpr std::uint32_t choose_negatives = 0;                // full softmax up to max_full_softmax_items
inline constexpr std::uint32_t every_item = 0xffff'ffffU;           // full softmax for any size of the catalogue

// The learning rate's schedule from the first step to the last planned one. linear and cosine fall to 2 % of it.
enum class Schedule { linear, cosine, constant };

// The defaults suit any log. For an option that cannot be 0, the value 0 means that it is chosen from the log.
struct TrainOptions {
  std::uint32_t embedding_dim = 64;
  std::uint32_t hidden_dim = 64;
  std::uint32_t layers = 1;
  bool tied_head = true;
  bool skip_connection = true;
  HeadKind head = HeadKind::softmax;  // a binary head requires Loss::binary, and other heads do not accept it
  Loss loss = Loss::cross_entropy;
  OptimizerKind optimizer = OptimizerKind::adam;
  Conventions conventions = Conventions::sotto;
  Schedule schedule = Schedule::linear;
  float input_dropout = 0.1F;         // rate for the events' embeddings
  float dropout = 0.2F;               // rate for every layer's output hidden values
  float id_dropout = 0.1F;            // share of items that use only their features in a step
  float learning_rate = 8e-3F;        // at the first step
  float weight_decay = 0.0F;          // decoupled, for each unit of learning rate
  float clip_norm = 1.0F;             // max norm of a step's gradient; 0: no clipping
  bool layer_norm = false;            // layer normalization of the items' vectors (item_vectors.hpp)
  bool average_weights = true;        // validate and keep a moving average of the weights
  std::uint32_t batch_windows = 32;   // windows in each optimizer step; small logs get fewer
  std::uint32_t window = 64;          // events in each window: backpropagation through time stops at its edges
  std::uint32_t negatives = choose_negatives;  // in each step, shared by its events; a binary head has one per target
  float negative_alpha = 0.5F;  // negatives are drawn from popularity^alpha
  std::uint32_t max_epochs = 0;  // 0: chosen from the number of optimizer steps in an epoch
  std::uint32_t patience = 5;  // epochs without a better validation metric before training stops
  // Training ends after this epoch of the planned schedule; 0: after the last one. For a training without validation
  // that repeats the kept epochs of one with it.
  std::uint32_t end_after_epoch = 0;
  std::uint64_t seed = 1;
  std::uint32_t threads = 0;  // 0: all cores; the result does not depend on it
};

// The embedding's rows in the classic recommender. The log must not have more items, including an out-of-vocabulary
// item.
inline constexpr std::uint32_t keras_classic_items = 10'000;

// Embedding × 16 → LSTM(128, sequences) → LSTM(128) → Dense(1, sigmoid). It uses binary cross-entropy, Adam and initial
// weights as in Keras, windows of 50, batches of 32 and no dropout.
[[nodiscard]] TrainOptions keras_classic();

// A snapshot for the progress line.
struct Progress {
  std::uint32_t epoch = 0;  // from 1
  std::uint32_t max_epochs = 0;
  std::uint64_t events_done = 0;  // in this epoch
  std::uint64_t events_per_epoch = 0;
  double events_per_second = 0;
  double loss = 0;  // mean loss of this epoch so far; cross-entropies in nats
  // The validation metric: NDCG@10. For a binary head, it is the share of candidates that are classified correctly.
  const char* metric = "NDCG@10";
  bool validates = true;  // false without validation targets: the two figures stay 0
  double validation = 0;  // of this epoch after its validation; 0 before
  double best_validation = 0;
  double seconds = 0;
  double eta_seconds = 0;  // to the end of this epoch
};

struct TrainHooks {
  std::function<void(const Progress&)> on_progress;  // called from the training thread, a few times a second
  const std::atomic<bool>* stop = nullptr;  // when set, training ends after the current step
  // The checkpoint is written atomically after every epoch, every few minutes and when training is stopped. Empty: no
  // checkpoint. `resume` continues from it, with the same result as a training that never stopped. After the end of a
  // training, its checkpoint remains and gives the same model again. The caller removes it when the model is saved.
  std::filesystem::path checkpoint;
  bool resume = false;
};

// The contents of the model's record, in addition to the split and the options.
struct Provenance {
  std::optional<LogIdentity> log = {};  // identity of the split's log; computed here if it is not given
  VocabularyLimit vocabulary = {};
  std::string licence = {};
  std::string attribution = {};
  std::string lineage = {};
  bool event_sketch = true;  // false omits the sketch of the training events from the model
};

// Trains on the split's training events. Keeps the weights with the best validation metric, or those of the last epoch
// if there are no validation targets. A request to stop ends training early, with the best weights so far, or with the
// current ones if no epoch was validated. Precondition: the ids of `catalogue` are those of the split's log, in the
// same order. With `features`, the items' vectors are learned from content too, and items without events get a vector
// (content_embedding.hpp).
[[nodiscard]] Result<FloatModel> train(const data::Split& split, const Catalogue& catalogue,
                                       const TrainOptions& options, const TrainHooks& hooks,
                                       const ItemFeatures& features = {}, const Provenance& provenance = {});

}  // namespace sotto::train
