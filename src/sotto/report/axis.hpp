// An axis with its ticks at round numbers.
#pragma once

#include <string>
#include <vector>

namespace sotto::report {

struct Axis {
  double low = 0;
  double high = 1;
  std::vector<double> ticks = {};  // within low … high
  bool logarithmic = false;

  // Maps the low end to 0 and the high end to 1. Values outside get the nearer end's place.
  [[nodiscard]] double place(double value) const noexcept;
  [[nodiscard]] std::vector<std::string> tick_labels() const;
};

// The ends of an axis: at round numbers just outside the values, or exactly at the values. Exact ends leave no empty
// margin in that direction.
enum class AxisEnds { round, exact };

// Makes about `ticks` ticks whose distance is 1, 2 or 5 times a power of ten.
[[nodiscard]] Axis linear_axis(double low, double high, int ticks, AxisEnds ends);
// Makes ticks at 1, 2 and 5 times the powers of ten. Precondition: 0 < low.
[[nodiscard]] Axis logarithmic_axis(double low, double high);

}  // namespace sotto::report
