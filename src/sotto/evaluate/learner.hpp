// The common interface of a backtest's arms. It stands for one user on one device, who is predicted and then learned
// from.
#pragma once

#include <sotto/evaluate/ranker.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/personal/personal_model.hpp>
#include <sotto/runtime/engine.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace sotto::evaluate {

struct TimedEvent {
  ItemIndex item;
  std::int64_t time;  // seconds since 1970
};

// One thread at a time may use it. Each thread has its own.
class Learner {
 public:
  virtual ~Learner() = default;
  // Forgets the user.
  virtual void reset() = 0;
  // Takes an event that the device knows but does not learn from.
  virtual void recall(const TimedEvent& event) = 0;
  virtual void learn(const TimedEvent& event) = 0;
  // Computes a score for every item at a moment. A higher score is likelier. Precondition: scores.size() = items.
  virtual void scores(std::int64_t now, std::span<double> scores) = 0;
  // The bytes that the device stores for the user.
  [[nodiscard]] virtual std::size_t state_bytes() const { return 0; }
  // Returns a learner with the same knowledge and without a user, for another thread. Shared data must outlive both.
  [[nodiscard]] virtual std::unique_ptr<Learner> clone() const = 0;
};

// Wraps a ranker, which treats all events alike.
[[nodiscard]] std::unique_ptr<Learner> make_fixed_learner(std::unique_ptr<Ranker> ranker);
// The engine must outlive the learner and its clones.
[[nodiscard]] std::unique_ptr<Learner> make_personal_learner(const Engine& engine, const PersonalOptions& options);

}  // namespace sotto::evaluate
