// The one interface that every arm of a backtest has: one user on one device, who is predicted and then learned from.
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

// Used by one thread at a time; each thread has its own.
class Learner {
 public:
  virtual ~Learner() = default;
  // Forgets the user.
  virtual void reset() = 0;
  // An event that the device knows, but does not learn from.
  virtual void recall(const TimedEvent& event) = 0;
  virtual void learn(const TimedEvent& event) = 0;
  // A score for every item, higher is likelier, at a moment; scores.size() = items.
  virtual void scores(std::int64_t now, std::span<double> scores) = 0;
  // What the device stores of the user, in bytes.
  [[nodiscard]] virtual std::size_t state_bytes() const { return 0; }
  // A learner with the same knowledge and no user, for another thread. What it shares must outlive both.
  [[nodiscard]] virtual std::unique_ptr<Learner> clone() const = 0;
};

// A ranker, to which all events are alike.
[[nodiscard]] std::unique_ptr<Learner> make_fixed_learner(std::unique_ptr<Ranker> ranker);
// The engine must outlive the learner and its clones.
[[nodiscard]] std::unique_ptr<Learner> make_personal_learner(const Engine& engine, const PersonalOptions& options);

}  // namespace sotto::evaluate
