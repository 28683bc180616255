// The values that learning on the device needs in addition to the engine. They are computed once and shared by all
// users and threads.
#pragma once

#include <sotto/model/memory_term.hpp>
#include <sotto/personal/feedback.hpp>
#include <sotto/personal/taste.hpp>
#include <sotto/personal/trend.hpp>
#include <sotto/runtime/engine.hpp>

#include <array>
#include <utility>

namespace sotto {

// Selects the parts that learn. Without the gate, the learned parts count in full.
struct PersonalOptions {
  bool memory = true;
  bool taste = true;
  bool gate = true;
  FeedbackWeights weights{};  // weights of a new user
};

// It does not change, except for the trend.
class PersonalModel {
 public:
  // The engine must outlive the model. Without a memory term in the model file, a user starts with a memory whose
  // weights are 0. Nothing is learned under a binary head.
  explicit PersonalModel(const Engine& engine, const PersonalOptions& options = {});

  [[nodiscard]] const Engine& engine() const noexcept { return taste_.engine(); }
  [[nodiscard]] const PersonalOptions& options() const noexcept { return options_; }
  [[nodiscard]] bool can_learn() const noexcept { return engine().architecture().head == HeadKind::softmax; }
  // The factor that turns logits into log-odds.
  [[nodiscard]] float temperature() const noexcept { return taste_.temperature(); }
  [[nodiscard]] const TasteModel& taste() const noexcept { return taste_; }
  // The start values of a new user.
  [[nodiscard]] const std::array<float, memory_weights>& first_memory_weight() const noexcept {
    return first_memory_weight_;
  }
  [[nodiscard]] const TasteParts& first_parts() const noexcept { return first_parts_; }

  // Replaces the trend for all users. Under a binary head it has no effect. Precondition: no other thread uses the
  // model meanwhile, and the trend was created for this number of items.
  void set_trend(Trend trend) noexcept { trend_ = std::move(trend); }
  [[nodiscard]] const Trend& trend() const noexcept { return trend_; }
  [[nodiscard]] bool follows_trend() const noexcept { return can_learn() && trend_.has_effect(); }

 private:
  PersonalOptions options_;
  TasteModel taste_;
  std::array<float, memory_weights> first_memory_weight_{};
  TasteParts first_parts_{};
  Trend trend_;
};

}  // namespace sotto
