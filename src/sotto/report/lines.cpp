#include <sotto/report/axis.hpp>
#include <sotto/report/legend.hpp>
#include <sotto/report/lines.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sotto::report {
namespace {

constexpr int plot_height = 280;              // CSS pixels
constexpr int curve_width = 1000;             // units of the curves' drawing, which stretches to the plot's width
constexpr std::size_t max_marked_points = 12;  // for each series; more marks would only thicken the line
constexpr int wanted_x_ticks = 6;
constexpr int wanted_y_ticks = 5;
constexpr double far_from_zero = 0.6;  // the smallest value as a share of the largest

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  bool whole = true;  // every value is a whole number

  void include(double value) noexcept {
    low = std::min(low, value);
    high = std::max(high, value);
    whole = whole && value == std::round(value);
  }
  [[nodiscard]] bool empty() const noexcept { return !(low <= high); }
};

bool drawable(const Lines& lines, double x, double y) noexcept {
  return std::isfinite(x) && std::isfinite(y) && !(lines.logarithmic_x && x <= 0);
}

std::size_t points_of(const Series& series) noexcept { return std::min(series.x.size(), series.y.size()); }

Axis x_axis(const Lines& lines, const Range& x) {
  if (lines.logarithmic_x) return logarithmic_axis(x.low, x.high);
  // Whole numbers, such as epochs, have no ticks between them.
  const bool few = x.whole && x.high > x.low && x.high - x.low < wanted_x_ticks;
  return linear_axis(x.low, x.high, few ? static_cast<int>(x.high - x.low) : wanted_x_ticks, AxisEnds::exact);
}

struct Plot {
  const Lines& lines;
  Axis x;
  Axis y;

  [[nodiscard]] double height_of(double value) const noexcept { return plot_height * (1 - y.place(value)); }
};

// Draws the plot's frame. Horizontal places are shares of the width, so that text keeps its size at any width.
std::string axes(const Plot& plot) {
  std::string svg;
  const std::vector<std::string> y_labels = plot.y.tick_labels();
  for (std::size_t i = 0; i < y_labels.size(); ++i) {
    const double y = plot.height_of(plot.y.ticks[i]);
    svg += fmt::format(
        "<line class=\"{0}\" x1=\"0\" y1=\"{1:.1f}\" x2=\"100%\" y2=\"{1:.1f}\"/>"
        "<text x=\"-8\" y=\"{2:.1f}\" text-anchor=\"end\">{3}</text>\n",
        plot.y.ticks[i] == plot.y.low ? "zero" : "grid", y, y + 4, y_labels[i]);
  }
  const std::vector<std::string> x_labels = plot.x.tick_labels();
  for (std::size_t i = 0; i < x_labels.size(); ++i) {
    const double x = 100 * plot.x.place(plot.x.ticks[i]);
    svg += fmt::format(
        "<line class=\"zero\" x1=\"{0:.2f}%\" y1=\"{1}\" x2=\"{0:.2f}%\" y2=\"{2}\"/>"
        "<text x=\"{0:.2f}%\" y=\"{3}\" text-anchor=\"middle\">{4}</text>\n",
        x, plot_height, plot_height + 5, plot_height + 20, x_labels[i]);
  }
  svg += fmt::format("<text class=\"axis\" x=\"100%\" y=\"{}\" text-anchor=\"end\">{}</text>\n", plot_height + 40,
                     escape(plot.lines.x_label));
  return svg;
}

std::string curve(const Plot& plot, std::size_t place) {
  const Series& series = plot.lines.series[place];
  std::string path;
  bool pen_down = false;
  for (std::size_t i = 0; i < points_of(series); ++i) {
    if (!drawable(plot.lines, series.x[i], series.y[i])) {
      pen_down = false;
      continue;
    }
    path += fmt::format("{}{:.2f} {:.2f}", pen_down ? 'L' : 'M', curve_width * plot.x.place(series.x[i]),
                        plot.height_of(series.y[i]));
    pen_down = true;
  }
  return fmt::format("<path class=\"{}\" d=\"{}\"><title>{}</title></path>\n", series_class(place), path,
                     escape(series.name));
}

std::string marks(const Plot& plot, std::size_t place) {
  const Series& series = plot.lines.series[place];
  if (points_of(series) > max_marked_points) return "";
  const int decimals = decimals_for(series.y);
  std::string svg;
  for (std::size_t i = 0; i < points_of(series); ++i) {
    if (!drawable(plot.lines, series.x[i], series.y[i])) continue;
    svg += fmt::format("<circle class=\"{}\" cx=\"{:.2f}%\" cy=\"{:.2f}\" r=\"3\"><title>{}: {}</title></circle>\n",
                       series_class(place), 100 * plot.x.place(series.x[i]), plot.height_of(series.y[i]),
                       escape(series.name), number_text(series.y[i], decimals));
  }
  return svg;
}

}  // namespace

std::string to_html(const Lines& lines) {
  std::vector<std::string> names;
  Range x;
  Range y;
  for (const Series& series : lines.series) {
    names.push_back(series.name);
    for (std::size_t i = 0; i < points_of(series); ++i) {
      if (!drawable(lines, series.x[i], series.y[i])) continue;
      x.include(series.x[i]);
      y.include(series.y[i]);
    }
  }
  std::string html = open_figure(lines.title, lines.y_label) + legend(names, Swatch::line);
  if (x.empty()) return html + "<p class=\"empty\">Nothing to show.</p>\n</figure>\n";

  if (y.low > 0 && y.low < far_from_zero * y.high) y.low = 0;
  const Plot plot{lines, x_axis(lines, x), linear_axis(y.low, y.high, wanted_y_ticks, AxisEnds::round)};

  std::size_t widest = 0;
  for (const std::string& label : plot.y.tick_labels()) widest = std::max(widest, label.size());
  html += fmt::format("<div class=\"plot\" style=\"padding-left:{}ch\">\n", widest + 2);
  html += fmt::format("<svg class=\"lines\" role=\"img\" aria-label=\"{}: {} over {}\" height=\"{}\">\n",
                      escape(lines.title), escape(lines.y_label), escape(lines.x_label), plot_height);
  html += axes(plot);
  html += fmt::format("<svg width=\"100%\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" preserveAspectRatio=\"none\">\n",
                      curve_width, plot_height);
  for (std::size_t place = 0; place < lines.series.size(); ++place) html += curve(plot, place);
  html += "</svg>\n";
  for (std::size_t place = 0; place < lines.series.size(); ++place) html += marks(plot, place);
  return html + "</svg>\n</div>\n</figure>\n";
}

}  // namespace sotto::report
