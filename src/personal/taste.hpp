// The user's taste: a float32 vector v that is added to what the head multiplies, so that an item's logit becomes
// w · (u + v) + bias. One step moves every item that is like the one that came, also those that the user never met.
//
// SGD on softmax cross-entropy; steps are divided by the head's mean squared row length, so that one learning rate
// serves every model, and v falls back towards 0, the base, by a share at every step, as in dynamic evaluation (Krause
// et al. 2018, arXiv 1709.07432). Deterministic: sums in one order, no fused multiplication and addition.
#pragma once

#include <sotto/personal/lesson.hpp>
#include <sotto/runtime/engine.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

class Taste {
 public:
  // The engine must outlive the taste.
  explicit Taste(const Engine& engine);

  // u + share · v, Q3.12 [H]. Valid until the next call.
  [[nodiscard]] std::span<const std::int16_t> add_to(std::span<const std::int16_t> head_input, float share) noexcept;

  // One step away from what was predicted, [items], towards the lesson. temperature: of the logits as log-odds.
  void learn(std::span<const float> probabilities, Lesson lesson, float temperature) noexcept;

  void clear() noexcept;

  [[nodiscard]] std::span<const float> values() const noexcept { return values_; }
  // Precondition: hidden_dim finite values.
  void restore(std::span<const float> values) noexcept;

 private:
  const PackedHead* head_;
  float row_norm_;  // mean squared length of the head's rows
  std::vector<float> values_;    // [H], as all below
  std::vector<float> gradient_;
  std::vector<std::int16_t> moved_;
};

}  // namespace sotto
