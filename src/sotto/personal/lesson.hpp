// A correction of a prediction. It states the shares of the probability that some items should have had. One share of 1
// gives the usual cross-entropy. A negative share pushes its item away.
#pragma once

#include <sotto/model/item_index.hpp>

#include <span>

namespace sotto {

struct LessonShare {
  ItemIndex item;
  float share;
};

// The items are distinct. A step lowers Σ share · (-log p(item)).
using Lesson = std::span<const LessonShare>;

[[nodiscard]] inline float sum_of_shares(Lesson lesson) noexcept {
  float sum = 0;
  for (const LessonShare& one : lesson) sum += one.share;
  return sum;
}

}  // namespace sotto
