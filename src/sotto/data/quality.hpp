// Rates a log as training data. The figures are for use before training (docs/data.md explains how to read them).
#pragma once

#include <sotto/data/distribution.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/data/read_interactions.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

inline constexpr std::size_t cold_user_events = 3;  // users with fewer events are cold
inline constexpr std::size_t cold_item_events = 5;  // items with fewer events are cold

// A user with far more events than others: a bot, a wholesaler, a shared account.
struct OutlyingUser {
  std::string id;
  std::size_t events = 0;
  double events_per_day = 0;  // on the days on which the user did anything
  double score = 0;           // robust standard deviations above the median, for the higher of the two figures
};
inline constexpr double outlier_score = 3.5;             // minimum score of an outlier, on the logarithms
inline constexpr std::size_t outlier_min_events = 20;    // minimum number of events of an outlier
inline constexpr std::size_t outliers_listed = 10;

// Figures about events and users, including how regular and how repetitive they are.
struct UserFigures {
  std::size_t cold_users = 0;
  Quantiles history_length;                  // events per user
  std::vector<std::size_t> length_histogram;  // users with 1, 2–3, 4–7, 8–15, … events
  double repeat_rate = 0;                    // share of events on an item that the user has had before
  double tie_share = 0;  // share of users' consecutive events at the same time, in the file's precision
  std::size_t outlying_users = 0;
  std::size_t events_of_outlying_users = 0;
  std::vector<OutlyingUser> outliers;  // the most outlying first, at most outliers_listed
};

struct ItemFigures {
  std::size_t cold_items = 0;
  double gini = 0;  // Gini coefficient of the items' numbers of events
  double top_1_percent = 0;  // share of events on the most popular 1 % of items
  double top_10_percent = 0;
  std::vector<double> popularity_curve;  // share of events on the most popular 0 %, 1 %, … 100 % of items
};

enum class Period { day, week, month };
[[nodiscard]] std::string_view period_name(Period period) noexcept;  // "day", "week", "month"

struct PeriodFigures {
  std::int64_t begin = 0;  // seconds since 1970; weeks begin on Monday, all in UTC
  std::size_t events = 0;
  std::size_t events_on_new_items = 0;  // on items without an event in the period before
};

struct DriftFigures {
  Period period = Period::day;  // days for logs up to 92 days, weeks up to two years, otherwise months
  std::vector<PeriodFigures> periods;  // from the first to the last event, empty ones included, at most max_periods
  double new_item_share = 0;  // share of the events in all periods except the first
  double popularity_distance = 0;  // Jensen–Shannon, between the first third of the events and the last
};
// The last period includes all later events. Times that far apart are mistakes.
inline constexpr std::size_t max_periods = 1200;

struct Quality {
  std::size_t users = 0;
  std::size_t items = 0;
  std::size_t events = 0;
  std::int64_t first_timestamp = 0;
  std::int64_t last_timestamp = 0;
  std::size_t duplicates = 0;
  UserFigures user;
  ItemFigures item;
  DriftFigures drift;
};

// Precondition: the log has at least one event.
[[nodiscard]] Quality examine(const Interactions& log);

// The parts of examine(). Each has its own file.
[[nodiscard]] UserFigures examine_users(const Interactions& log);
[[nodiscard]] ItemFigures examine_items(const Interactions& log);
[[nodiscard]] DriftFigures examine_drift(const Interactions& log);

// Problems to check before training.
enum class Problem {
  rows_refused,  // one or more
  missing_ids,   // one or more rows without a user or an item, or with "NULL" or the like in its place
  rounded_ids,   // one or more, such as 1.23E+12
  duplicates,  // more than 1 % of the events
  time_goes_backwards,  // in the file, more than 1 % of the events
  implausible_times,  // before 1990: perhaps the unit of the times, seconds or milliseconds, was mistaken
  future_times,  // one or more events are later than now
  mixed_time_units,  // numbers of several units in one file
  ties,  // more than 20 % of consecutive events: their order is that of the file
  outlying_users,  // they have more than 5 % of the events
  cold_users,  // more than half of the users
  cold_items,  // more than half of the items
  new_items,  // more than 30 % of the events are on items new in their period
  items_not_described,  // the items file lacks more than half of the log's items
  rounded_item_ids,     // one or more in the items file
};
// Returns a stable name such as "rows_refused".
[[nodiscard]] std::string_view problem_name(Problem problem) noexcept;

// What find_problems compares a log with.
struct Circumstances {
  std::optional<std::size_t> described_items = {};  // items of the log that an items file contains
  std::optional<std::int64_t> now = {};             // seconds since 1970
  std::size_t rounded_item_ids = 0;                 // in an items file
};
[[nodiscard]] std::vector<Problem> find_problems(const Quality& quality, const ReadReport& report,
                                                 const Circumstances& circumstances);

}  // namespace sotto::data
