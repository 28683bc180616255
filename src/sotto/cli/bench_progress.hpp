// How far a measurement is: a line on stderr, rewritten in place, only on a terminal.
#pragma once

#include <sotto/measure/rounds.hpp>

namespace sotto::cli {

class BenchProgress {
 public:
  explicit BenchProgress(const measure::RoundLimits& limits);
  void update(const measure::RoundProgress& progress);
  // Takes the line away.
  void finish();

 private:
  [[nodiscard]] double seconds_left(const measure::RoundProgress& progress) const noexcept;

  bool terminal_;
  measure::RoundLimits limits_;
  double shown_at_ = 0;  // seconds of the measurement
};

}  // namespace sotto::cli
