// The same recommender in plain float32. It is the reference for the fixed-point one, and calibration reads its values.
// The code is written for readability and reproducibility, not for speed.
#pragma once

#include <sotto/model/float_model.hpp>
#include <sotto/runtime/count_lookup.hpp>
#include <sotto/runtime/history.hpp>
#include <sotto/runtime/history_lookup.hpp>

#include <span>
#include <vector>

namespace sotto {

// An addition to an item's logit.
struct HeadTerm {
  ItemIndex item;
  float logit;
};

// Computes all items' logits by a softmax head from the head_input() of any moment, without the history term and the
// count expert. Precondition: scores.size() = items.
void softmax_head_scores(const FloatWeights& weights, std::span<const float> head_input,
                         std::span<float> scores) noexcept;

class FloatSession {
 public:
  // The weights must outlive the session.
  explicit FloatSession(const FloatWeights& weights);

  // Precondition: item < items.
  void observe(ItemIndex item);
  // Computes all items' logits. Precondition: scores.size() = items.
  void scores(std::span<float> scores);
  // The same without the history term and the count expert.
  void network_scores(std::span<float> scores) noexcept;
  // The additions of the history term, then of the count expert, to the network's scores. An item may be in both. Valid
  // until the next call.
  [[nodiscard]] std::span<const HeadTerm> head_terms();
  void reset() noexcept;

  [[nodiscard]] std::span<const float> cell(std::size_t layer) const noexcept { return layers_[layer].cell; }
  [[nodiscard]] std::span<const float> hidden(std::size_t layer) const noexcept { return layers_[layer].hidden; }
  [[nodiscard]] std::span<const float> head_input() const noexcept { return head_input_; }
  // The input of the history term, whether or not the model has one. Valid until the next call.
  [[nodiscard]] std::span<const ItemEvidence> history_evidence() noexcept {
    return history_lookup_.evidence(history_.events());
  }
  // The count expert's counts for the latest events. Empty if the model has no count expert.
  [[nodiscard]] std::span<const ItemCount> counts() noexcept { return count_lookup_.counts(history_.events()); }
  // Returns a binary head's logit of one candidate, after one step with it. The carried state does not change.
  [[nodiscard]] float candidate_score(ItemIndex item) noexcept;

 private:
  struct LayerState {
    std::vector<float> cell;
    std::vector<float> hidden;
  };

  // Takes one step of all layers from `before` to `after`, which may be the same.
  void step(ItemIndex item, const std::vector<LayerState>& before, std::vector<LayerState>& after) noexcept;

  const FloatWeights* weights_;
  std::vector<LayerState> layers_;
  std::vector<LayerState> candidate_layers_;  // state after a candidate, for a binary head
  std::vector<float> head_input_;
  History history_;
  HistoryLookup history_lookup_;
  CountLookup count_lookup_;
  std::vector<float> gates_;  // scratch [4H]
  std::vector<HeadTerm> head_terms_;
};

}  // namespace sotto
