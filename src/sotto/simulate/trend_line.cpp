#include <sotto/simulate/trend_line.hpp>

#include <cmath>
#include <utility>

namespace sotto::simulate {

TrendLine::TrendLine(const LineSource& source, const Slots& slots, std::span<const double> expected,
                     const sync::TrendRuleOptions& rule)
    : source_(source), slots_(&slots), expected_(slots.by_slot(expected)), items_(expected.size()), rule_(rule) {}

Status TrendLine::publish(std::span<const std::uint32_t> choices, std::uint64_t reports,
                          std::span<const std::int64_t> noise) {
  if (reports == 0) return Ok{};
  const std::vector<std::uint32_t> counts = slots_->by_slot(choices);
  const std::uint64_t scaled_to = source_.reports > 0 ? source_.reports : reports;
  const double scale = static_cast<double>(scaled_to) / static_cast<double>(reports);
  std::vector<std::int64_t> histogram(counts.size());
  for (std::size_t slot = 0; slot < counts.size(); ++slot) {
    histogram[slot] = std::llround(scale * counts[slot]) + (noise.empty() ? 0 : noise[slot]);
  }
  const sync::Batch batch{
      .histogram = histogram, .reports = scaled_to, .noise_variance = 2 * source_.noise * source_.noise};
  auto update = sync::update_trend(state_, batch, expected_, slots_->is_new(), rule_);
  if (!update) return std::move(update).error();
  std::vector<TrendItem> items;
  for (std::size_t slot = 1; slot < update->log_ratio.size(); ++slot) {
    if (update->log_ratio[slot] != 0) items.push_back({slots_->item_of(slot), update->log_ratio[slot]});
  }
  auto trend = Trend::create(items, update->prior, items_);
  if (!trend) return std::move(trend).error();
  latest_ = *std::move(update);
  trend_ = *std::move(trend);
  return Ok{};
}

}  // namespace sotto::simulate
