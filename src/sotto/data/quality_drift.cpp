#include <sotto/data/quality.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <numeric>

namespace sotto::data {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

sys_seconds moment(std::int64_t timestamp) noexcept { return sys_seconds(std::chrono::seconds(timestamp)); }

sys_days first_day_of(Period period, sys_days day) noexcept {
  switch (period) {
    case Period::day: return day;
    case Period::week: return day - (std::chrono::weekday(day) - std::chrono::Monday);
    case Period::month: break;
  }
  const std::chrono::year_month_day date(day);
  return sys_days(date.year() / date.month() / 1);
}

Period fitting_period(std::int64_t first, std::int64_t last) noexcept {
  const auto span = std::chrono::ceil<days>(std::chrono::seconds(last - first)).count();
  if (span <= 92) return Period::day;
  return span <= 731 ? Period::week : Period::month;
}

std::vector<PeriodFigures> list_periods(Period period, std::int64_t first, std::int64_t last) {
  std::vector<PeriodFigures> periods;
  const sys_days last_day = std::chrono::floor<days>(moment(last));
  sys_days day = first_day_of(period, std::chrono::floor<days>(moment(first)));
  while (day <= last_day && periods.size() < max_periods) {
    periods.push_back({.begin = sys_seconds(day).time_since_epoch().count()});
    constexpr auto within_next_month = days(31);
    day = period == Period::month ? first_day_of(period, day + within_next_month)
                                  : day + (period == Period::week ? days(7) : days(1));
  }
  return periods;
}

// The items are in time order by period. Within a period they have no fixed order.
struct ItemsByPeriod {
  std::vector<ItemIndex> items;
  std::vector<std::size_t> begin;  // one more than periods
};

ItemsByPeriod sort_by_period(const Interactions& log, const std::vector<PeriodFigures>& periods) {
  // Events come in runs of one period, because a user's events are in time order.
  const auto for_each_event = [&](auto&& use) {
    std::size_t period = 0;
    for (std::size_t event = 0; event < log.events(); ++event) {
      const std::int64_t time = log.timestamp[event];
      const bool same =
          time >= periods[period].begin && (period + 1 == periods.size() || time < periods[period + 1].begin);
      if (!same) {
        const auto after = std::ranges::upper_bound(periods, time, {}, &PeriodFigures::begin);
        period = static_cast<std::size_t>(after - periods.begin()) - 1;
      }
      use(period, log.item[event]);
    }
  };
  ItemsByPeriod sorted{.items = std::vector<ItemIndex>(log.events()),
                       .begin = std::vector<std::size_t>(periods.size() + 1)};
  for_each_event([&](std::size_t period, ItemIndex) { ++sorted.begin[period + 1]; });
  std::partial_sum(sorted.begin.begin(), sorted.begin.end(), sorted.begin.begin());
  std::vector<std::size_t> next = sorted.begin;
  for_each_event([&](std::size_t period, ItemIndex item) { sorted.items[next[period]++] = item; });
  return sorted;
}

double popularity_distance(const Interactions& log) {
  std::vector<std::int64_t> times = log.timestamp;
  const auto time_at = [&times](std::size_t place) {
    std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(place));
    return times[place];
  };
  const std::int64_t end_of_first = time_at(times.size() / 3);
  const std::int64_t begin_of_last = time_at(times.size() - 1 - times.size() / 3);
  times = {};
  std::vector<std::uint64_t> first(log.item_ids.size());
  std::vector<std::uint64_t> last(log.item_ids.size());
  for (std::size_t event = 0; event < log.events(); ++event) {
    if (log.timestamp[event] < end_of_first) ++first[log.item[event]];
    if (log.timestamp[event] > begin_of_last) ++last[log.item[event]];
  }
  return jensen_shannon_distance(first, last);
}

}  // namespace

std::string_view period_name(Period period) noexcept {
  constexpr std::array<std::string_view, 3> names = {"day", "week", "month"};
  return names[static_cast<std::size_t>(period)];
}

DriftFigures examine_drift(const Interactions& log) {
  const auto [first, last] = std::ranges::minmax(log.timestamp);
  DriftFigures figures{.period = fitting_period(first, last), .periods = {}};
  figures.periods = list_periods(figures.period, first, last);
  const ItemsByPeriod by_period = sort_by_period(log, figures.periods);

  constexpr auto never = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> last_period_of(log.item_ids.size(), never);
  std::size_t new_item_events = 0;
  for (std::size_t period = 0; period < figures.periods.size(); ++period) {
    const std::size_t begin = by_period.begin[period];
    const auto items = std::span(by_period.items).subspan(begin, by_period.begin[period + 1] - begin);
    PeriodFigures& figure = figures.periods[period];
    figure.events = items.size();
    if (period > 0) {
      figure.events_on_new_items = static_cast<std::size_t>(
          std::ranges::count_if(items, [&](ItemIndex item) { return last_period_of[item] != period - 1; }));
      new_item_events += figure.events_on_new_items;
    }
    for (const ItemIndex item : items) last_period_of[item] = period;
  }
  const std::size_t later_events = log.events() - figures.periods.front().events;
  if (later_events > 0)
    figures.new_item_share = static_cast<double>(new_item_events) / static_cast<double>(later_events);
  figures.popularity_distance = popularity_distance(log);
  return figures;
}

}  // namespace sotto::data
