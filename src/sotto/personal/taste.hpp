// The user's taste: a float32 vector that is added to what the head multiplies, so that an item's logit becomes
// w · (u + taste) + bias. One step moves every item that is like the one that came, also those that the user never met.
// It is the sum of
//
// - a vector v that starts at 0,
// - parts of the means of the latest events (personal/recent_means.hpp), which start where the model file says,
// - what the adapter makes of u (personal/adapter.hpp).
//
// All learn by SGD on softmax cross-entropy; steps of v and the adapter are divided by the head's mean squared row
// length, so that one learning rate serves every model, and both fall back towards 0 (personal/learned_value.hpp).
// Deterministic: sums in one order, no fused multiplication and addition.
#pragma once

#include <sotto/model/item_index.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/personal/adapter.hpp>
#include <sotto/personal/lesson.hpp>
#include <sotto/personal/recent_means.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/row_sum.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

class Taste {
 public:
  using Parts = std::array<float, recent_means>;

  // temperature: of the logits as log-odds. directions: the adapter's (MemoryTerm::direction), or none. The engine must
  // outlive the taste.
  Taste(const Engine& engine, float temperature, std::span<const std::int8_t> directions);
  Taste(const Taste&) = delete;
  Taste& operator=(const Taste&) = delete;

  // An event, after which u, Q3.12 [H], is the head's input.
  void observe(ItemIndex item, std::span<const std::int16_t> u) noexcept;

  // What is added to u, the head's input after the latest event; Q3.12 [H]. Valid until the next call.
  [[nodiscard]] std::span<const std::int16_t> at(std::span<const std::int16_t> u) noexcept;

  // One step away from what was predicted with the latest at(), [items], towards the lesson.
  void learn(std::span<const float> probabilities, Lesson lesson) noexcept;

  // Forgets the user; the parts start at these.
  void clear(const Parts& parts) noexcept;
  // Forgets the events, not what was learned from them.
  void clear_events() noexcept { recent_.clear(); }

  // The parts' gradient in the latest step; and a further step of them, for who fits where they start.
  [[nodiscard]] const Parts& parts_gradient() const noexcept { return parts_gradient_; }
  void move_part(std::size_t mean, float by) noexcept { parts_[mean] += by; }

  // What was learned: v [H], the parts, the adapter's Qᵀ [rank × H].
  [[nodiscard]] std::span<const float> learned() const noexcept {
    return std::span(values_).first(values_.size() - RecentMeans::size(vector_.size()));
  }
  // All that is carried: that, then what the recent means carry.
  [[nodiscard]] std::span<const float> values() const noexcept { return values_; }
  // Whether these could be of this model: as many, and of a size that learning can come to.
  [[nodiscard]] bool could_be(std::span<const float> values) const noexcept;
  // Precondition: could_be(values).
  void restore(std::span<const float> values) noexcept;

 private:
  float temperature_;
  float row_norm_;  // mean squared length of the head's rows
  std::vector<float> directions_;  // of the adapter, [rank × H]
  std::vector<float> values_;  // of which the spans below are parts
  std::span<float> vector_;  // v, [H]
  std::span<float> parts_;  // [recent_means]
  Adapter adapter_;
  RecentMeans recent_;
  Parts parts_gradient_{};
  std::span<const float> means_;  // at the latest at(), [recent_means × H]
  RowSum rows_;
  std::vector<float> sum_;  // [H]
  std::vector<std::int16_t> rounded_;  // [H]
};

}  // namespace sotto
