#include <sotto/report/axis.hpp>
#include <sotto/report/text.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::report {
namespace {

constexpr int most_decimals = 12;

// Chooses 1, 2, 5 or 10 times a power of ten, whichever is nearest as a ratio.
double round_step(double wanted) noexcept {
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  const double ratio = wanted / power;
  constexpr double between_1_and_2 = 1.41421356;
  constexpr double between_2_and_5 = 3.16227766;
  constexpr double between_5_and_10 = 7.07106781;
  return power * (ratio < between_1_and_2 ? 1 : ratio < between_2_and_5 ? 2 : ratio < between_5_and_10 ? 5 : 10);
}

int decimals_of(double number) noexcept {
  int decimals = 0;
  for (double scaled = std::abs(number); decimals < most_decimals && std::abs(scaled - std::round(scaled)) > 1e-6;
       scaled *= 10) {
    ++decimals;
  }
  return decimals;
}

}  // namespace

double Axis::place(double value) const noexcept {
  const double share =
      logarithmic ? (std::log(value) - std::log(low)) / (std::log(high) - std::log(low)) : (value - low) / (high - low);
  return std::clamp(share, 0.0, 1.0);
}

std::vector<std::string> Axis::tick_labels() const {
  int decimals = 0;
  for (const double tick : ticks) decimals = std::max(decimals, decimals_of(tick));
  std::vector<std::string> labels;
  for (const double tick : ticks) labels.push_back(number_text(tick, logarithmic ? decimals_of(tick) : decimals));
  return labels;
}

Axis linear_axis(double low, double high, int ticks, AxisEnds ends) {
  if (!(high > low)) high = low + (low == 0 ? 1 : std::abs(low));
  const double step = round_step((high - low) / ticks);
  auto first = static_cast<long long>(std::floor(low / step + 1e-9));
  auto last = static_cast<long long>(std::ceil(high / step - 1e-9));
  Axis axis{.low = low, .high = high};
  if (ends == AxisEnds::round) {
    axis.low = static_cast<double>(first) * step;
    axis.high = static_cast<double>(last) * step;
  } else {
    first = static_cast<long long>(std::ceil(low / step - 1e-9));
    last = static_cast<long long>(std::floor(high / step + 1e-9));
  }
  for (long long i = first; i <= last; ++i) axis.ticks.push_back(static_cast<double>(i) * step);
  return axis;
}

Axis logarithmic_axis(double low, double high) {
  if (!(high > low)) high = 10 * low;
  Axis axis{.low = low, .high = high, .logarithmic = true};
  // An axis over many powers of ten has room for ticks at the powers only.
  const bool wide = std::log10(high / low) > 3;
  for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * power;
      if ((wide && factor > 1) || tick < low * (1 - 1e-9) || tick > high * (1 + 1e-9)) continue;
      axis.ticks.push_back(tick);
    }
  }
  return axis;
}

}  // namespace sotto::report
