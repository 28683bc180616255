// A float32 copy of a softmax head that learns on the device: logits = W · u + b over the session's head input u,
// softmax cross-entropy, plain SGD. The base head in the model stays as it is.
//
// Deterministic: the same steps give the same bits in every build (numeric/float_kernels.hpp). The learning rate, and
// with sampling the negatives, come from the caller.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/runtime/engine.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// What a head learns from: the state before an event, and the item that the event was.
struct HeadExample {
  std::span<const std::int16_t> head_input;  // u, Q3.12 [H], as Session::head_input gives it
  ItemIndex target;
};

class TrainableHead {
 public:
  // Precondition: the engine's head is a softmax. Takes 4 bytes for each of items × (H + 2), and `most_examples` ×
  // items.
  explicit TrainableHead(const Engine& engine, std::size_t most_examples = 1);

  // One step on the mean loss of 1 … most_examples examples, over all items. Returns the mean of the probabilities that
  // the head gave to the targets before the step, 0 … 1. Precondition: targets are items of the catalogue.
  float step(std::span<const HeadExample> examples, float learning_rate) noexcept;

  // The same for one example over its target and sampled items alone (sampled softmax; Jean et al. 2015,
  // arXiv 1412.2007): expected_log[i] is the logarithm of how often negatives[i] is expected in the sample, and is
  // taken off its logit; expected_log_target likewise. Negatives that are the target do not count. The probability
  // returned is among the sample. Allocates when the sample is larger than any before.
  float sampled_step(const HeadExample& example, float expected_log_target, std::span<const ItemIndex> negatives,
                     std::span<const float> expected_log, float learning_rate);

  // The logits of all items, without the model's history term and count expert. logits.size() = items.
  void scores(std::span<const std::int16_t> head_input, std::span<float> logits) noexcept;

  [[nodiscard]] std::uint32_t items() const noexcept { return items_; }
  [[nodiscard]] std::size_t hidden_dim() const noexcept { return hidden_dim_; }
  // An item's row [H], for tests and export.
  [[nodiscard]] std::span<const float> row(ItemIndex item) const noexcept {
    return {weights_.data() + std::size_t{item} * stride_, hidden_dim_};
  }
  [[nodiscard]] float bias(ItemIndex item) const noexcept { return bias_[item]; }

 private:
  void load_input(std::span<const std::int16_t> head_input, float* x) const noexcept;
  [[nodiscard]] FloatRows rows(std::size_t first, std::size_t count) noexcept {
    return {weights_.data() + first * stride_, count, stride_};
  }

  const Kernels* kernels_;
  std::uint32_t items_;
  std::size_t hidden_dim_;
  std::size_t stride_;  // H padded to float_tile
  std::size_t padded_items_;  // to float_tile
  AlignedBuffer<float> weights_;  // [items × stride]
  AlignedBuffer<float> bias_;  // [items]
  AlignedBuffer<float> inputs_;  // [examples × stride]
  AlignedBuffer<float> logits_;  // [examples × padded items]: logits, then probabilities, then steps
  std::vector<float> sample_;  // of sampled_step
};

}  // namespace sotto
