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
  std::string label;  // neighbours with the same label form a group, which shows it once
  double value = 0;   // drawn empty when not finite
  std::optional<Interval> interval = {};
  std::size_t series = 0;  // its colour: a place in Bars::series
};

struct Bars {
  std::string title;
  std::string unit;  // of the values, after the title; may be empty
  std::vector<Bar> items;
  std::vector<std::string> series = {};  // the names in the legend; empty: one colour and no legend
};

[[nodiscard]] std::string to_html(const Bars& bars);

}  // namespace sotto::report
