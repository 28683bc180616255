// The same recommender in plain float32: the yardstick for the fixed-point one, and what calibration looks at.
// Written to be read and to be reproducible, not to be fast.
#pragma once

#include <sotto/model/float_model.hpp>
#include <sotto/runtime/history.hpp>

#include <span>
#include <vector>

namespace sotto {

class FloatSession {
 public:
  // The weights must outlive the session.
  explicit FloatSession(const FloatWeights& weights);

  // Precondition: item < items.
  void observe(ItemIndex item) noexcept;
  // All items' logits; scores.size() = items.
  void scores(std::span<float> scores) noexcept;
  // The same without the history term.
  void network_scores(std::span<float> scores) const noexcept;
  void reset() noexcept;

  [[nodiscard]] std::span<const float> cell(std::size_t layer) const noexcept { return layers_[layer].cell; }
  [[nodiscard]] std::span<const float> hidden(std::size_t layer) const noexcept { return layers_[layer].hidden; }
  [[nodiscard]] std::span<const float> head_input() const noexcept { return head_input_; }
  [[nodiscard]] History& history() noexcept { return history_; }

 private:
  struct LayerState {
    std::vector<float> cell;
    std::vector<float> hidden;
  };

  const FloatWeights* weights_;
  std::vector<LayerState> layers_;
  std::vector<float> head_input_;
  History history_;
  std::vector<float> gates_;  // scratch [4H]
};

}  // namespace sotto
