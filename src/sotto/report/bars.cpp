#include <sotto/report/axis.hpp>
#include <sotto/report/bars.hpp>
#include <sotto/report/legend.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sotto::report {
namespace {

// The labels of this many ticks fit next to each other on a phone.
constexpr int wanted_ticks = 3;

Axis axis_of(const Bars& bars) {
  double low = 0;
  double high = 0;
  for (const Bar& bar : bars.items) {
    if (!std::isfinite(bar.value)) continue;
    const Interval span = bar.interval.value_or(Interval{bar.value, bar.value});
    low = std::min({low, bar.value, span.low});
    high = std::max({high, bar.value, span.high});
  }
  return linear_axis(low, high, wanted_ticks, AxisEnds::round);
}

// All places are shares of the drawing's width, so that the drawing fits any width without distorted text.
std::string percent(double share) { return fmt::format("{:.2f}%", 100 * share); }

std::string grid_lines(const Axis& axis) {
  std::string svg;
  for (const double tick : axis.ticks) {
    svg += fmt::format("<line class=\"{}\" x1=\"{}\" y1=\"0\" x2=\"{}\" y2=\"100%\"/>", tick == 0 ? "zero" : "grid",
                       percent(axis.place(tick)), percent(axis.place(tick)));
  }
  return svg;
}

std::string drawing_of(const Bar& bar, const Axis& axis, const std::string& in_words) {
  std::string svg = fmt::format("<div class=\"bar\"><svg role=\"img\"><title>{}</title>", in_words) + grid_lines(axis);
  if (std::isfinite(bar.value)) {
    const double from = axis.place(std::min(bar.value, 0.0));
    const double to = axis.place(std::max(bar.value, 0.0));
    svg += fmt::format("<rect class=\"{}\" x=\"{}\" y=\"18%\" width=\"{}\" height=\"64%\" rx=\"2\"/>",
                       series_class(bar.series), percent(from), percent(to - from));
    if (bar.interval) {
      const std::string low = percent(axis.place(bar.interval->low));
      const std::string high = percent(axis.place(bar.interval->high));
      svg += fmt::format(
          "<g class=\"interval\"><line x1=\"{0}\" y1=\"50%\" x2=\"{1}\" y2=\"50%\"/>"
          "<line x1=\"{0}\" y1=\"32%\" x2=\"{0}\" y2=\"68%\"/><line x1=\"{1}\" y1=\"32%\" x2=\"{1}\" y2=\"68%\"/></g>",
          low, high);
    }
  }
  return svg + "</svg></div>";
}

std::string tick_row(const Axis& axis) {
  const std::vector<std::string> labels = axis.tick_labels();
  std::string svg = "<span></span><svg class=\"ticks\" aria-hidden=\"true\">";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    svg += fmt::format("<text x=\"{}\" y=\"14\" text-anchor=\"middle\">{}</text>", percent(axis.place(axis.ticks[i])),
                       labels[i]);
  }
  return svg + "</svg><span></span>\n";
}

}  // namespace

std::string to_html(const Bars& bars) {
  std::string html = open_figure(bars.title, bars.unit) + legend(bars.series, Swatch::block);
  if (bars.items.empty()) return html + "<p class=\"empty\">Nothing to show.</p>\n</figure>\n";

  std::vector<double> values;
  for (const Bar& bar : bars.items) values.push_back(bar.value);
  const int decimals = decimals_for(values);
  const Axis axis = axis_of(bars);

  html += "<div class=\"bars\">\n";
  const std::string* previous_label = nullptr;
  for (const Bar& bar : bars.items) {
    const bool same_group = previous_label != nullptr && *previous_label == bar.label;
    const bool new_group = previous_label != nullptr && !same_group && !bars.series.empty();
    previous_label = &bar.label;

    const std::string value = number_text(bar.value, decimals);
    std::string in_words = escape(bar.label);
    if (bar.series < bars.series.size()) in_words += ", " + escape(bars.series[bar.series]);
    in_words += ": " + value;
    if (bar.interval) {
      in_words += fmt::format(" (interval {} to {})", number_text(bar.interval->low, decimals),
                              number_text(bar.interval->high, decimals));
    }
    html +=
        fmt::format("<span class=\"label{}\">{}</span>{}<span class=\"value\">{}</span>\n", new_group ? " group" : "",
                    same_group ? "" : escape(bar.label), drawing_of(bar, axis, in_words), value);
  }
  return html + tick_row(axis) + "</div>\n</figure>\n";
}

}  // namespace sotto::report
