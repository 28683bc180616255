// One operator's sequence of published trends: after each round a histogram comes in, the rule makes the next trend of
// it, and the devices use that trend in the next round.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/personal/trend.hpp>
#include <sotto/simulate/slots.hpp>
#include <sotto/sync/trend_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sotto::simulate {

// Which histogram a line gets.
struct LineSource {
  bool all_choices = false;  // all choices of the round in the clear, instead of one report of each device
  double noise = 0;  // deviation of each aggregator's noise, in reports
  std::uint64_t reports = 0;  // number of reports that the counts are scaled to; 0: as many as devices reported
  std::uint64_t seed = 0;  // of the noise

  friend bool operator==(const LineSource&, const LineSource&) = default;
};

class TrendLine {
 public:
  // expected: the share of choices that the model expects on each item. The slots must outlive the line.
  TrendLine(const LineSource& source, const Slots& slots, std::span<const double> expected,
            const sync::TrendRuleOptions& rule);

  [[nodiscard]] const LineSource& source() const noexcept { return source_; }
  // What the devices have at present.
  [[nodiscard]] const Trend& trend() const noexcept { return trend_; }
  [[nodiscard]] const sync::TrendUpdate& latest() const noexcept { return latest_; }

  // Takes the round's choices by item, and publishes the next trend. reports: their number, which may exceed their sum
  // by choices of items that the model does not have. noise: both aggregators' noise together, by slot; empty for none.
  // Without reports, nothing is published, and the devices keep the trend. Fails as update_trend and Trend::create do.
  Status publish(std::span<const std::uint32_t> choices, std::uint64_t reports, std::span<const std::int64_t> noise);

 private:
  LineSource source_;
  const Slots* slots_;
  std::vector<double> expected_;  // [slots]
  std::size_t items_;
  sync::TrendRuleOptions rule_;
  sync::TrendState state_;
  sync::TrendUpdate latest_;
  Trend trend_;
};

}  // namespace sotto::simulate
