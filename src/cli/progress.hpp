// Progress on stderr: a line rewritten in place on a terminal, plain lines elsewhere.
#pragma once

#include <sotto/train/train.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace sotto::cli {

class TrainingProgress {
 public:
  TrainingProgress();
  void update(const train::Progress& progress);
  // Leaves the last state of a rewritten line standing.
  void finish();

 private:
  bool terminal_;
  bool line_open_ = false;
  std::uint32_t epoch_shown_ = 0;
};

class EvaluationProgress {
 public:
  EvaluationProgress();
  void update(std::size_t users_done, std::size_t users);
  void finish();

 private:
  bool terminal_;
  std::size_t percent_shown_ = 0;
};

}  // namespace sotto::cli
