// The user's taste is a float32 vector that is added to the head's input. An item's logit becomes w · (u + taste) +
// bias. One step moves every item that is similar to the event's item, including items that the user never met. The
// vector is the sum of
//
// - a vector v that starts at 0,
// - parts of the means of the latest events (personal/recent_means.hpp), which start at the model file's values,
// - the adapter's result for u (personal/adapter.hpp).
//
// All learn by SGD on softmax cross-entropy. The steps of v and of the adapter are divided by the head's mean squared
// row length, so that one learning rate serves every model. Both fall back towards 0 (personal/learned_value.hpp).
// Results are the same everywhere, because sums have one order and multiplication and addition are not fused.
#pragma once

#include <sotto/model/item_index.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/personal/adapter.hpp>
#include <sotto/personal/lesson.hpp>
#include <sotto/personal/recent_means.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/revision.hpp>
#include <sotto/runtime/row_sum.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// The scale of each of the recent means.
using TasteParts = std::array<float, recent_means>;

// The values that the tastes of all users of a model share. They do not change.
class TasteModel {
 public:
  // temperature: turns logits into log-odds. directions: the adapter's (MemoryTerm::direction), or none. The engine
  // must outlive the model.
  TasteModel(const Engine& engine, float temperature, std::span<const std::int8_t> directions);

  [[nodiscard]] const Engine& engine() const noexcept { return *engine_; }
  [[nodiscard]] std::size_t hidden_dim() const noexcept { return engine_->architecture().hidden_dim; }
  [[nodiscard]] float temperature() const noexcept { return temperature_; }
  // The mean squared length of the head's rows.
  [[nodiscard]] float row_norm() const noexcept { return row_norm_; }
  // The value for RecentMeans.
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

// One user's taste. It is a value without a pointer into itself or into the model.
class Taste {
 public:
  // Starts as a user without events, with these start values of the parts.
  explicit Taste(const TasteModel& model, const TasteParts& parts = {});

  // Forgets the user. The parts return to these start values.
  void clear(const TasteParts& parts) noexcept;
  // Forgets the events, but keeps the learned values.
  void clear_events() noexcept;
  // Adds a step to one part. The code that fits the parts' start values uses it.
  void move_part(std::size_t mean, float by) noexcept;

  // The learned values: v [H], the parts, the adapter's Qᵀ [rank × H].
  [[nodiscard]] std::span<const float> learned() const noexcept {
    return values().first(values_.size() - RecentMeans::size(hidden_dim_));
  }
  // All carried values: the learned ones, then those of the recent means.
  [[nodiscard]] std::span<const float> values() const noexcept { return values_; }
  // Tells whether these values could be a taste of the same model: the count fits, and learning can reach their size.
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

// One thread's scratch for the tastes of any users of a model. Its size does not depend on the number of items. It
// allocates at construction only.
class TasteWorkspace {
 public:
  explicit TasteWorkspace(const TasteModel& model);

  // The parts' gradient in the latest step.
  [[nodiscard]] const TasteParts& parts_gradient() const noexcept { return parts_gradient_; }

 private:
  friend class TasteLearner;

  std::vector<float> means_;  // at the latest at(), [recent_means × H]
  std::vector<float> along_;  // the adapter's, at the latest at(), [rank]
  std::vector<float> sum_;  // [H]
  std::vector<std::int16_t> rounded_;  // [H]
  RowSum rows_;
  TasteParts parts_gradient_{};
};

// A view that works on one user's taste.
class TasteLearner {
 public:
  // Precondition: all three belong together. They must outlive the view.
  TasteLearner(const TasteModel& model, Taste& taste, TasteWorkspace& workspace) noexcept
      : model_(&model), taste_(&taste), workspace_(&workspace) {}

  // Takes an event. u, Q3.12 [H], is the head's input after it.
  void observe(ItemIndex item, std::span<const std::int16_t> u) noexcept;

  // Returns the addition to u, the head's input after the latest event, Q3.12 [H]. Valid until the workspace is used
  // again.
  [[nodiscard]] std::span<const std::int16_t> at(std::span<const std::int16_t> u) noexcept;

  // Takes one step from the predicted probabilities [items] towards the lesson. Precondition: the workspace's latest
  // at() was for this taste in its present form, at the head input of the prediction.
  void learn(std::span<const float> probabilities, Lesson lesson) noexcept;

 private:
  [[nodiscard]] Adapter adapter() noexcept;
  [[nodiscard]] RecentMeans recent() noexcept;

  const TasteModel* model_;
  Taste* taste_;
  TasteWorkspace* workspace_;
};

// Tells whether a vector of TasteLearner::at adds nothing to any logit: the head's products with it are exactly 0.
[[nodiscard]] inline bool adds_nothing(std::span<const std::int16_t> vector) noexcept {
  return std::ranges::all_of(vector, [](std::int16_t value) { return value == 0; });
}

}  // namespace sotto
