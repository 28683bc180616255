#include <sotto/data/duplicates.hpp>
#include <sotto/data/quality.hpp>

#include <algorithm>
#include <array>

namespace sotto::data {
namespace {

constexpr std::int64_t first_plausible_second = 631'152'000;  // 1990-01-01

constexpr std::int64_t clock_tolerance = 86'400;  // seconds: clocks and time zones differ

bool is_more_than(double share, std::size_t part, std::size_t whole) noexcept {
  return static_cast<double>(part) > share * static_cast<double>(whole);
}

}  // namespace

Quality examine(const Interactions& log) {
  const auto [first, last] = std::ranges::minmax(log.timestamp);
  Quality quality{.users = log.users(),
                  .items = log.item_ids.size(),
                  .events = log.events(),
                  .first_timestamp = first,
                  .last_timestamp = last,
                  .duplicates = 0,
                  .user = examine_users(log),
                  .item = examine_items(log),
                  .drift = examine_drift(log)};
  quality.duplicates = static_cast<std::size_t>(std::ranges::count(find_duplicates(log), true));
  return quality;
}

std::vector<Problem> find_problems(const Quality& quality, const ReadReport& report,
                                   const Circumstances& circumstances) {
  const auto described_items = circumstances.described_items;
  std::vector<Problem> problems;
  const auto add_if = [&problems](bool condition, Problem problem) {
    if (condition) problems.push_back(problem);
  };
  add_if(report.rows_refused > 0, Problem::rows_refused);
  add_if(report.missing_ids > 0, Problem::missing_ids);
  add_if(report.rounded_ids.count > 0, Problem::rounded_ids);
  add_if(is_more_than(0.01, quality.duplicates, quality.events), Problem::duplicates);
  add_if(is_more_than(0.01, report.events_backwards, report.rows), Problem::time_goes_backwards);
  add_if(quality.first_timestamp < first_plausible_second, Problem::implausible_times);
  add_if(circumstances.now && quality.last_timestamp > *circumstances.now + clock_tolerance, Problem::future_times);
  const auto mixes_units = [](const FileReading& file) { return file.times.numbers_in_other_units > 0; };
  add_if(std::ranges::any_of(report.files, mixes_units), Problem::mixed_time_units);
  add_if(quality.user.tie_share > 0.2, Problem::ties);
  add_if(is_more_than(0.05, quality.user.events_of_outlying_users, quality.events), Problem::outlying_users);
  add_if(is_more_than(0.5, quality.user.cold_users, quality.users), Problem::cold_users);
  add_if(is_more_than(0.5, quality.item.cold_items, quality.items), Problem::cold_items);
  add_if(quality.drift.new_item_share > 0.3, Problem::new_items);
  add_if(described_items && is_more_than(0.5, quality.items - *described_items, quality.items),
         Problem::items_not_described);
  add_if(circumstances.rounded_item_ids > 0, Problem::rounded_item_ids);
  return problems;
}

std::string_view problem_name(Problem problem) noexcept {
  constexpr std::array<std::string_view, 15> names = {"rows_refused",   "missing_ids",         "rounded_ids",
                                                      "duplicates",     "time_goes_backwards", "implausible_times",
                                                      "future_times",   "mixed_time_units",    "ties",
                                                      "outlying_users", "cold_users",          "cold_items",
                                                      "new_items",      "items_not_described", "rounded_item_ids"};
  return names[static_cast<std::size_t>(problem)];
}

}  // namespace sotto::data
