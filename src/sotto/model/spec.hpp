// The spec describes everything about a model except its weights (docs/format.md).
#pragma once

#include <sotto/model/catalogue.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto {

// The prediction of the head. A softmax head gives one logit for every item and predicts the next item. A binary head
// gives one logit for one candidate, after the LSTM has taken a step with that candidate from the user's state. Its
// sigmoid is the probability that the user wants the candidate next.
enum class HeadKind { softmax, binary };

// Embedding → LSTM × layers → head. The scores of a softmax head are head · u + bias. Without a skip connection, u is
// h, the last layer's hidden state. With one, u = h + skip · e, where e is the last item's embedding. This first-order
// term relieves the LSTM.
struct Architecture {
  std::uint32_t items = 0;  // rows of the embedding and of a softmax head
  std::uint32_t embedding_dim = 0;  // D
  std::uint32_t hidden_dim = 0;  // H, of every layer
  std::uint32_t layers = 0;
  bool tied_head = false;  // the head's weights are the embedding's; then D = H
  bool skip_connection = false;  // u = h + skip · e instead of u = h
  bool history_term = false;  // the user's own recent events add to the logits (model/history_term.hpp)
  bool count_expert = false;  // followers of the recent events in the log add to the logits (model/count_expert.hpp)
  HeadKind head = HeadKind::softmax;  // a binary head is free and has none of the five additions
  bool memory_term = false;  // start values of learning on the device (model/memory_term.hpp)

  // The rows of a free head: one for each item, or one for a binary head.
  [[nodiscard]] std::uint32_t head_rows() const noexcept { return head == HeadKind::binary ? 1 : items; }

  [[nodiscard]] std::uint32_t layer_input_dim(std::uint32_t layer) const noexcept {
    return layer == 0 ? embedding_dim : hidden_dim;
  }
  bool operator==(const Architecture&) const = default;
};

// Every reader enforces these upper bounds. They ensure that no size computed from a file overflows and that no int32
// accumulator wraps (docs/numbers.md).
inline constexpr std::uint32_t max_items = 1U << 24;
inline constexpr std::uint32_t max_dim = 4096;
inline constexpr std::uint32_t max_layers = 16;

// Identifies an interaction log without disclosing its contents.
struct LogIdentity {
  std::string name;  // the file's name without folders
  std::uint64_t fingerprint = 0;  // of users, items, times and their order (data/interactions.hpp)
  std::uint64_t order_fingerprint = 0;  // the same without times; 0: not recorded, as in files of earlier builds
  std::uint64_t events = 0;
  std::uint64_t users = 0;
  std::int64_t first_timestamp = 0;  // seconds since 1970
  std::int64_t last_timestamp = 0;
};

// The division of the log (data/split.hpp defines the kinds). "leave-last-out" takes the last event of each user with
// at least three events for the test, and the second last for validation. All other events are for training.
struct SplitRecord {
  std::string kind;  // "leave-last-out", or "none" if training used all events
  std::uint64_t training_events = 0;
  std::uint64_t validation_targets = 0;
  std::uint64_t test_targets = 0;
  // A final training learned from the validation targets, too, after they had served all choices.
  bool validation_trained = false;
};

// The limit on the vocabulary. Only the most frequent items kept their ids. The limit is recorded, so that it can be
// applied to the log again.
struct VocabularyLimit {
  std::uint64_t max_items = 0;  // includes the out-of-vocabulary item; 0: there was no limit
  std::string oov_item;  // the id that replaced all other ids; empty without a limit
};

struct TrainingRecord {
  std::string tool;  // "sotto 0.1.0"
  LogIdentity log;
  VocabularyLimit vocabulary;
  SplitRecord split;
  std::uint64_t seed = 0;
  std::uint32_t epochs = 0;  // number of epochs that gave the kept weights
  double validation_ndcg10 = 0;
  // The metric for a binary head: the share of validation candidates that it classifies correctly. Half of the
  // candidates have label 1 and half have label 0. Other heads have no value, and neither do older files.
  std::optional<double> validation_accuracy;
  double seconds = 0;  // training time; not stored, so that the same log and seed give the same file
  std::string settings;  // the training options as a JSON object
};

struct ModelInfo {
  Architecture architecture;
  Catalogue catalogue;
  TrainingRecord training;
  std::string licence;  // SPDX expression or free text; empty when not stated
  // The name that the versions of a model share; empty when not stated. A device keeps what it stores under it.
  std::string lineage;
  std::string attribution;  // people or organizations to credit for the data and the model; empty when not stated
  // A bottom-k sketch of the training events: their smallest hashes, ascending (data/event_sketch.hpp). It serves to
  // recognize training events in another log. It is empty if the owner of the log withholds it.
  std::vector<std::uint32_t> training_event_sketch;
};

}  // namespace sotto
