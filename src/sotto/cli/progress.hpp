// Progress on stderr: on a terminal one line is rewritten in place, elsewhere plain lines are written.
#pragma once

#include <sotto/data/read_interactions.hpp>
#include <sotto/fit/fit_progress.hpp>
#include <sotto/train/train.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sotto::cli {

// Shown on a terminal only.
class ReadingProgress {
 public:
  ReadingProgress();
  void update(const data::ReadProgress& progress);
  // Removes the line.
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
  // title: before each line, "final training: " for example.
  explicit TrainingProgress(std::string title = {});
  void update(const train::Progress& progress);
  // Ends the line, so that its last state stays on the terminal.
  void finish();

 private:
  std::string title_;
  bool terminal_;
  bool line_open_ = false;
  std::uint32_t epoch_shown_ = 0;
};

class HeadTermProgress {
 public:
  HeadTermProgress();
  void update(const fit::FitProgress& progress);
  // Ends the line, so that its last state stays on the terminal.
  void finish();

 private:
  bool terminal_;
  fit::FitProgress last_;
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

// Shown on a terminal only.
class SimulationProgress {
 public:
  SimulationProgress();
  // base: the place of the base among all bases.
  void update(std::size_t base, std::size_t bases, std::size_t events_done, std::size_t events);
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_;
  bool line_open_ = false;
  Clock::time_point start_;
  Clock::time_point shown_;
};

// Shown on a terminal only.
class ReplayProgress {
 public:
  explicit ReplayProgress(std::uint64_t events);
  void update(std::uint64_t events_done);
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_;
  bool line_open_ = false;
  std::uint64_t events_;
  Clock::time_point start_;
  Clock::time_point shown_;
};

}  // namespace sotto::cli
