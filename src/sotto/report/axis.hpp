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

  // 0 at the low end, 1 at the high end; values outside are held at the ends.
  [[nodiscard]] double place(double value) const noexcept;
  [[nodiscard]] std::vector<std::string> tick_labels() const;
};

// Ends at round numbers just outside the values, or at the values themselves: for the direction in which a
// plot should have no empty margin.
enum class AxisEnds { round, exact };

// About `ticks` of them, 1, 2 or 5 times a power of ten apart.
[[nodiscard]] Axis linear_axis(double low, double high, int ticks, AxisEnds ends);
// Ticks at 1, 2 and 5 times the powers of ten. Precondition: 0 < low.
[[nodiscard]] Axis logarithmic_axis(double low, double high);

}  // namespace sotto::report
