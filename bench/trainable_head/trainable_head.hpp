// A float32 copy of a softmax head that is trained whole: logits = W · u + b over a session's head input u, softmax
// cross-entropy, plain SGD. Peers can be compared with Sotto by this step; Sotto itself learns by other means.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/runtime/engine.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::bench {

// What a head learns from: the state before an event, and the item that the event was.
struct HeadExample {
  std::span<const std::int16_t> head_input;  // u, Q3.12 [H], as Session::head_input gives it
  ItemIndex target;
};

class TrainableHead {
 public:
  // Precondition: the engine's head is a softmax. Takes 4 · (items · (H + 2) + max_examples · items) bytes.
  explicit TrainableHead(const Engine& engine, std::size_t max_examples = 1);

  // One step on the mean loss of 1 … max_examples examples over all items. Returns the mean of the probabilities, 0 …
  // 1, that the head gave to the targets before the step. Precondition: targets are items of the catalogue.
  float step(std::span<const HeadExample> examples, float learning_rate) noexcept;

  [[nodiscard]] std::uint32_t items() const noexcept { return items_; }
  [[nodiscard]] std::size_t hidden_dim() const noexcept { return hidden_dim_; }
  // An item's row [H].
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
};

}  // namespace sotto::bench
