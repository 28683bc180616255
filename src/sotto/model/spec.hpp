// What a model is, apart from its weights: everything that docs/format.md calls the spec.
#pragma once

#include <sotto/model/catalogue.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto {

// What the head tells. softmax: a logit for every item from the state, next item. binary: one logit for a candidate
// that the LSTM has taken one step with from the carried state, whether this user wants it next (sigmoid gives the
// probability).
enum class HeadKind { softmax, binary };

// Embedding → LSTM × layers → head. A softmax head's scores are head · u + bias, with u = h, the last layer's hidden
// state, or u = h + skip · e with a skip connection from e, the embedding of the last item: a first-order
// term that the LSTM need not carry.
struct Architecture {
  std::uint32_t items = 0;          // rows of the embedding and of a softmax head
  std::uint32_t embedding_dim = 0;  // D
  std::uint32_t hidden_dim = 0;     // H, of every layer
  std::uint32_t layers = 0;
  bool tied_head = false;        // the head's weights are the embedding's; then D = H
  bool skip_connection = false;  // u = h + skip · e instead of u = h
  bool history_term = false;     // the user's own recent events add to the logits (model/history_term.hpp)
  bool count_expert = false;     // what followed the recent events in the log adds to them (model/count_expert.hpp)
  HeadKind head = HeadKind::softmax;  // a binary head is free and has none of the five additions
  bool memory_term = false;      // what learning on the device begins with (model/memory_term.hpp)

  // Rows of a free head: one for each item, or the one of a binary head.
  [[nodiscard]] std::uint32_t head_rows() const noexcept { return head == HeadKind::binary ? 1 : items; }

  [[nodiscard]] std::uint32_t layer_input_dim(std::uint32_t layer) const noexcept {
    return layer == 0 ? embedding_dim : hidden_dim;
  }
  bool operator==(const Architecture&) const = default;
};

// Upper bounds that every reader enforces, so that no size computed from a file can overflow and no
// int32 accumulator can wrap (docs/numbers.md).
inline constexpr std::uint32_t max_items = 1U << 24;
inline constexpr std::uint32_t max_dim = 4096;
inline constexpr std::uint32_t max_layers = 16;

// An interaction log as read, in a form that recognizes it again but does not disclose it.
struct LogIdentity {
  std::string name;               // the file's name without folders
  std::uint64_t fingerprint = 0;  // XXH64 over user id, item id and timestamp of every event, in training order
  std::uint64_t events = 0;
  std::uint64_t users = 0;
  std::int64_t first_timestamp = 0;  // seconds since 1970
  std::int64_t last_timestamp = 0;
};

// How the log was divided. "leave-last-out": of each user with at least three events the last is the
// test target and the second last the validation target; all else, and all of shorter users, is training.
struct SplitRecord {
  std::string kind;  // "leave-last-out", or "none": trained on everything
  std::uint64_t training_events = 0;
  std::uint64_t validation_targets = 0;
  std::uint64_t test_targets = 0;
};

// That the log's most frequent items alone kept their ids, so that the same can be done to it again.
struct VocabularyLimit {
  std::uint64_t max_items = 0;  // the out-of-vocabulary item among them; 0: there was no limit
  std::string oov_item;         // the id that all other items got; empty without a limit
};

struct TrainingRecord {
  std::string tool;  // "sotto 0.1.0"
  LogIdentity log;
  VocabularyLimit vocabulary;
  SplitRecord split;
  std::uint64_t seed = 0;
  std::uint32_t epochs = 0;  // epochs trained when the kept weights were reached
  double validation_ndcg10 = 0;
  // What a binary head is judged by: the share of the validation targets' pairs, label 1 and label 0, that it tells
  // right. None for other heads and in files that were written before it was recorded.
  std::optional<double> validation_accuracy;
  double seconds = 0;  // of training; not stored, so that the same log and seed give the same file
  std::string settings;  // the training options as a JSON object
};

struct ModelInfo {
  Architecture architecture;
  Catalogue catalogue;
  TrainingRecord training;
  std::string licence;      // SPDX expression or free text; empty when not stated
  std::string attribution;  // whom to name, for the data and the model; empty when not stated
  // A bottom-k sketch of the events trained on: the smallest hashes, ascending (data/event_sketch.hpp).
  // Recognizes training events in another log. Empty when withheld.
  std::vector<std::uint32_t> training_event_sketch;
};

}  // namespace sotto
