// Curves over a common x axis.
#pragma once

#include <string>
#include <vector>

namespace sotto::report {

struct Series {
  std::string name;
  std::vector<double> x;  // ascending
  std::vector<double> y;  // as many values as x; a value that is not finite leaves a gap
};

struct Lines {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<Series> series;
  bool logarithmic_x = false;  // points with x ≤ 0 are left out
};

// The y axis starts at zero unless all values lie far from it.
[[nodiscard]] std::string to_html(const Lines& lines);

}  // namespace sotto::report
