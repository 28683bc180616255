// The common interface of an evaluation's arms: baselines, the float model, the fixed model.
#pragma once

#include <sotto/model/item_index.hpp>

#include <functional>
#include <memory>
#include <span>

namespace sotto::evaluate {

// Predicts one user's next event. One thread at a time may use it. Each thread has its own.
class Ranker {
 public:
  virtual ~Ranker() = default;
  // Forgets the user. The next observe() is the first event of another user.
  virtual void reset() = 0;
  virtual void observe(ItemIndex item) = 0;
  // Computes a score for every item of the catalogue. A higher score is likelier. Precondition: scores.size() = items.
  virtual void scores(std::span<double> scores) = 0;
  // Writes the same scores to `scores` and calls `then`. A ranker may do this at once, or together with other moments
  // if that is faster, but no later than in finish(). One user's moments keep their order. All moments may share
  // `scores`.
  virtual void scores_later(std::span<double> scores, std::function<void()> then) {
    this->scores(scores);
    then();
  }
  virtual void finish() {}
  // Returns a ranker with the same knowledge and without a user, for another thread. Shared data must outlive both.
  [[nodiscard]] virtual std::unique_ptr<Ranker> clone() const = 0;
};

}  // namespace sotto::evaluate
