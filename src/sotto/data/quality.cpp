#include <sotto/data/duplicates.hpp>
#include <sotto/data/quality.hpp>

#include <algorithm>
#include <array>

namespace sotto::data {
namespace {

constexpr std::int64_t first_plausible_second = 631'152'000;  // 1990-01-01

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
                                   std::optional<std::size_t> described_items) {
  std::vector<Problem> problems;
  const auto add_if = [&problems](bool condition, Problem problem) {
    if (condition) problems.push_back(problem);
  };
  add_if(report.rows_refused > 0, Problem::rows_refused);
  add_if(is_more_than(0.01, quality.duplicates, quality.events), Problem::duplicates);
  add_if(is_more_than(0.01, report.events_backwards, report.rows), Problem::time_goes_backwards);
  add_if(quality.first_timestamp < first_plausible_second, Problem::implausible_times);
  add_if(quality.user.tie_share > 0.2, Problem::ties);
  add_if(is_more_than(0.05, quality.user.events_of_outlying_users, quality.events), Problem::outlying_users);
  add_if(is_more_than(0.5, quality.user.cold_users, quality.users), Problem::cold_users);
  add_if(is_more_than(0.5, quality.item.cold_items, quality.items), Problem::cold_items);
  add_if(quality.drift.new_item_share > 0.3, Problem::new_items);
  add_if(described_items && is_more_than(0.5, quality.items - *described_items, quality.items),
         Problem::items_not_described);
  return problems;
}

std::string_view problem_name(Problem problem) noexcept {
  constexpr std::array<std::string_view, 10> names = {
      "rows_refused",   "duplicates", "time_goes_backwards", "implausible_times", "ties",
      "outlying_users", "cold_users", "cold_items",          "new_items",         "items_not_described"};
  return names[static_cast<std::size_t>(problem)];
}

}  // namespace sotto::data
