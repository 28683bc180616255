#include <sotto/present/figures.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <utility>

namespace sotto::present {
namespace {

constexpr int metric_decimals = 4;

}  // namespace

std::string count(std::uint64_t value) { return report::number_text(static_cast<double>(value), 0); }

std::string number(double value) { return report::number_text(value, metric_decimals); }

double share(std::uint64_t part, std::uint64_t whole) noexcept {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent_on_page(double share, int decimals) {
  return report::number_text(100 * share, decimals) + "\u00a0%";
}

std::string percent_in_text(double share, int decimals) { return fmt::format("{:.{}f} %", 100 * share, decimals); }

report::Bar bar_of(std::string label, const evaluate::Estimate& estimate, std::size_t series) {
  return {.label = std::move(label),
          .value = estimate.value,
          .interval = report::Interval{estimate.interval.low, estimate.interval.high},
          .series = series};
}

}  // namespace sotto::present
