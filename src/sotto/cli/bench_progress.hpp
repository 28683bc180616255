// The progress of a measurement: one line on stderr that is rewritten in place, on a terminal only.
#pragma once

#include <sotto/measure/rounds.hpp>

namespace sotto::cli {

class BenchProgress {
 public:
  explicit BenchProgress(const measure::RoundLimits& limits);
  void update(const measure::RoundProgress& progress);
  // Removes the line.
  void finish();

 private:
  [[nodiscard]] double seconds_left(const measure::RoundProgress& progress) const noexcept;

  bool terminal_;
  measure::RoundLimits limits_;
  double shown_at_ = 0;  // seconds of the measurement
};

}  // namespace sotto::cli
