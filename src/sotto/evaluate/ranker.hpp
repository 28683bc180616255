// The one interface that every arm of an evaluation has: baselines, the float model, the fixed model.
#pragma once

#include <sotto/model/item_index.hpp>

#include <functional>
#include <memory>
#include <span>

namespace sotto::evaluate {

// Predicts one user's next event. Used by one thread at a time; each thread has its own.
class Ranker {
 public:
  virtual ~Ranker() = default;
  // Forgets the user: the next observe() is the first event of another.
  virtual void reset() = 0;
  virtual void observe(ItemIndex item) = 0;
  // A score for every item of the catalogue, higher is likelier; scores.size() = items.
  virtual void scores(std::span<double> scores) = 0;
  // Writes the same to `scores` and calls `then`: at once, or together with other moments where a ranker is faster
  // so, at the latest in finish(). One user's moments keep their order, and all may share `scores`.
  virtual void scores_later(std::span<double> scores, std::function<void()> then) {
    this->scores(scores);
    then();
  }
  virtual void finish() {}
  // A ranker with the same knowledge and no user, for another thread. What it shares must outlive both.
  [[nodiscard]] virtual std::unique_ptr<Ranker> clone() const = 0;
};

}  // namespace sotto::evaluate
