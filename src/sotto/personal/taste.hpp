// The user's taste: a float32 vector that is added to what the head multiplies, so that an item's logit becomes
// w · (u + taste) + bias. One step moves every item that is like the one that came, also items that the user never met.
// The vector is the sum of
//
// - a vector v that starts at 0,
// - parts of the means of the latest events (personal/recent_means.hpp), which start where the model file says,
// - what the adapter makes of u (personal/adapter.hpp).
//
// All learn by SGD on softmax cross-entropy. The steps of v and of the adapter are divided by the head's mean squared
// row length, so that one learning rate serves every model; both fall back towards 0 (personal/learned_value.hpp).
// Results are the same everywhere: sums have one order, and multiplication and addition are not fused.
#pragma once

#include <sotto/model/item_index.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/personal/adapter.hpp>
#include <sotto/personal/lesson.hpp>
#include <sotto/personal/recent_means.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/revision.hpp>
#include <sotto/runtime/row_sum.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// A part of each of the recent means.
using TasteParts = std::array<float, recent_means>;

// What the tastes of all users of a model share. It does not change.
class TasteModel {
 public:
  // temperature: turns logits into log-odds. directions: the adapter's (MemoryTerm::direction), or none. The engine
  // must outlive the model.
  TasteModel(const Engine& engine, float temperature, std::span<const std::int8_t> directions);

  [[nodiscard]] const Engine& engine() const noexcept { return *engine_; }
  [[nodiscard]] std::size_t hidden_dim() const noexcept { return engine_->architecture().hidden_dim; }
  [[nodiscard]] float temperature() const noexcept { return temperature_; }
  // Mean squared length of the head's rows.
  [[nodiscard]] float row_norm() const noexcept { return row_norm_; }
  // As RecentMeans takes it.
  [[nodiscard]] float rows_per_unit() const noexcept { return rows_per_unit_; }
  // [rank × H]
  [[nodiscard]] std::span<const float> directions() const noexcept { return directions_; }

 private:
  const Engine* engine_;
  float temperature_;
  float row_norm_;
  float rows_per_unit_;
  std::vector<float> directions_;
};

// What one user's taste is. A value without a pointer into itself or into the model.
class Taste {
 public:
  // A user without events, whose parts start at these.
  explicit Taste(const TasteModel& model, const TasteParts& parts = {});

  // Forgets the user; the parts start at these.
  void clear(const TasteParts& parts) noexcept;
  // Forgets the events, but not what was learned from them.
  void clear_events() noexcept;
  // A further step of one part, for whoever fits where the parts start.
  void move_part(std::size_t mean, float by) noexcept;

  // What was learned: v [H], the parts, the adapter's Qᵀ [rank × H].
  [[nodiscard]] std::span<const float> learned() const noexcept {
    return values().first(values_.size() - RecentMeans::size(hidden_dim_));
  }
  // All that is carried: what was learned, then what the recent means carry.
  [[nodiscard]] std::span<const float> values() const noexcept { return values_; }
  // Whether these could be a taste of the same model: as many, and of a size that learning can come to.
  [[nodiscard]] bool could_be(std::span<const float> values) const noexcept;
  // Precondition: could_be(values).
  void restore(std::span<const float> values) noexcept;
  // Changes with every change of this taste.
  [[nodiscard]] const Revision& revision() const noexcept { return revision_; }

 private:
  friend class TasteLearner;

  [[nodiscard]] std::span<float> vector() noexcept { return std::span(values_).first(hidden_dim_); }
  [[nodiscard]] std::span<float> parts() noexcept { return std::span(values_).subspan(hidden_dim_, recent_means); }
  [[nodiscard]] std::span<float> adapted() noexcept {
    const std::size_t begin = hidden_dim_ + recent_means;
    return std::span(values_).subspan(begin, learned().size() - begin);
  }
  [[nodiscard]] std::span<float> recent() noexcept { return std::span(values_).last(RecentMeans::size(hidden_dim_)); }

  std::vector<float> values_;
  std::size_t hidden_dim_;
  Revision revision_;
};

// Scratch of one thread for the tastes of any users of a model; its size does not depend on the number of items.
// Allocates at construction only.
class TasteWorkspace {
 public:
  explicit TasteWorkspace(const TasteModel& model);

  // The parts' gradient in the latest step.
  [[nodiscard]] const TasteParts& parts_gradient() const noexcept { return parts_gradient_; }

 private:
  friend class TasteLearner;

  std::vector<float> means_;  // at the latest at(), [recent_means × H]
  std::vector<float> along_;  // of the adapter, at the latest at(), [rank]
  std::vector<float> sum_;  // [H]
  std::vector<std::int16_t> rounded_;  // [H]
  RowSum rows_;
  TasteParts parts_gradient_{};
};

// A view of one user's taste at work.
class TasteLearner {
 public:
  // All three belong together and must outlive the view.
  TasteLearner(const TasteModel& model, Taste& taste, TasteWorkspace& workspace) noexcept
      : model_(&model), taste_(&taste), workspace_(&workspace) {}

  // An event, after which u, Q3.12 [H], is the head's input.
  void observe(ItemIndex item, std::span<const std::int16_t> u) noexcept;

  // What is added to u, the head's input after the latest event; Q3.12 [H]. Valid until the workspace is used again.
  [[nodiscard]] std::span<const std::int16_t> at(std::span<const std::int16_t> u) noexcept;

  // One step away from what was predicted, the probabilities [items], towards the lesson. Precondition: the
  // workspace's latest at() was of this taste, as it is now, at the head input that the prediction was made from.
  void learn(std::span<const float> probabilities, Lesson lesson) noexcept;

 private:
  [[nodiscard]] Adapter adapter() noexcept;
  [[nodiscard]] RecentMeans recent() noexcept;

  const TasteModel* model_;
  Taste* taste_;
  TasteWorkspace* workspace_;
};

}  // namespace sotto
