// Horizontal bars from zero, with intervals: comparisons, grouped comparisons and histograms.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sotto::report {

struct Interval {
  double low = 0;
  double high = 0;
};

struct Bar {
  std::string label;  // neighbors with the same label form a group that shows it once
  double value = 0;   // a value that is not finite is drawn empty
  std::optional<Interval> interval = {};
  std::size_t series = 0;  // its color, as an index into Bars::series
};

struct Bars {
  std::string title;
  std::string unit;  // the values' unit, shown after the title; may be empty
  std::vector<Bar> items;
  std::vector<std::string> series = {};  // the names in the legend; without any, all bars have one color
};

[[nodiscard]] std::string to_html(const Bars& bars);

}  // namespace sotto::report
