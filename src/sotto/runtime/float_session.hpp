// The same recommender in plain float32: the yardstick for the fixed-point one, and what calibration looks at. The code
// is written to be read and to be reproducible, not to be fast.
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

// All items' logits by a softmax head without the history term and the count expert, from a head_input() of any moment;
// scores.size() = items.
void softmax_head_scores(const FloatWeights& weights, std::span<const float> head_input,
                         std::span<float> scores) noexcept;

class FloatSession {
 public:
  // The weights must outlive the session.
  explicit FloatSession(const FloatWeights& weights);

  // Precondition: item < items.
  void observe(ItemIndex item);
  // All items' logits; scores.size() = items.
  void scores(std::span<float> scores);
  // The same without the history term and the count expert.
  void network_scores(std::span<float> scores) noexcept;
  // What the history term and then the count expert add to the network's scores; an item may be in both. Valid until
  // the next call.
  [[nodiscard]] std::span<const HeadTerm> head_terms();
  void reset() noexcept;

  [[nodiscard]] std::span<const float> cell(std::size_t layer) const noexcept { return layers_[layer].cell; }
  [[nodiscard]] std::span<const float> hidden(std::size_t layer) const noexcept { return layers_[layer].hidden; }
  [[nodiscard]] std::span<const float> head_input() const noexcept { return head_input_; }
  // What the history term would look at, whether or not the model has one. Valid until the next call.
  [[nodiscard]] std::span<const ItemEvidence> history_evidence() noexcept {
    return history_lookup_.evidence(history_.events());
  }
  // What the count expert's table says about the latest events; nothing without one.
  [[nodiscard]] std::span<const ItemCount> counts() noexcept { return count_lookup_.counts(history_.events()); }
  // A binary head's logit of one candidate: after one step with it. The carried state stays as it is.
  [[nodiscard]] float candidate_score(ItemIndex item) noexcept;

 private:
  struct LayerState {
    std::vector<float> cell;
    std::vector<float> hidden;
  };

  // One step of all layers from `before` to `after` (which may be the same).
  void step(ItemIndex item, const std::vector<LayerState>& before, std::vector<LayerState>& after) noexcept;

  const FloatWeights* weights_;
  std::vector<LayerState> layers_;
  std::vector<LayerState> candidate_layers_;  // of a binary head
  std::vector<float> head_input_;
  History history_;
  HistoryLookup history_lookup_;
  CountLookup count_lookup_;
  std::vector<float> gates_;  // scratch [4H]
  std::vector<HeadTerm> head_terms_;
};

}  // namespace sotto
