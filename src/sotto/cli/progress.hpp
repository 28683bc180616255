// Progress on stderr: a line rewritten in place on a terminal, plain lines elsewhere.
#pragma once

#include <sotto/data/read_interactions.hpp>
#include <sotto/fit/fit_progress.hpp>
#include <sotto/train/train.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sotto::cli {

// Only on a terminal.
class ReadingProgress {
 public:
  ReadingProgress();
  void update(const data::ReadProgress& progress);
  // Takes the line away.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_;
  bool line_open_ = false;
  Clock::time_point start_;
  Clock::time_point shown_;
};

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

class HeadTermProgress {
 public:
  HeadTermProgress();
  void update(const fit::FitProgress& progress);
  // Leaves the last state standing.
  void finish();

 private:
  bool terminal_;
  fit::FitProgress last_;
};

// Of the fit behind the arm 'counts'. Only on a terminal.
class CountsFitProgress {
 public:
  CountsFitProgress();
  void update(const fit::FitProgress& progress);
  // Takes the line away.
  void finish();

 private:
  bool terminal_;
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
