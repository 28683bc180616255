#include <sotto/data/quality.hpp>

#include "log_text.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace sotto;
using Catch::Approx;
using sotto::test::read_text;

namespace {

data::Interactions log_of(const std::string& rows, data::ReadReport* report = nullptr) {
  auto log = read_text("user_id,item_id,timestamp\n" + rows, {}, report);
  REQUIRE(log.ok());
  return std::move(*log);
}

bool has(const std::vector<data::Problem>& problems, data::Problem problem) {
  return std::ranges::find(problems, problem) != problems.end();
}

}  // namespace

TEST_CASE("quantiles are by nearest rank") {
  std::vector<double> values;
  for (int i = 100; i >= 1; --i) values.push_back(i);
  const data::Quantiles q = data::quantiles(values);
  CHECK(q.min == 1);
  CHECK(q.p10 == 10);
  CHECK(q.median == 50);
  CHECK(q.p99 == 99);
  CHECK(q.max == 100);
  CHECK(q.mean == 50.5);
  CHECK(data::quantiles({3}).p10 == 3);
  CHECK(data::quantiles({}).max == 0);
}

TEST_CASE("robust scores are not moved by the outlier that they find") {
  const auto scores = data::robust_z_scores({1, 2, 3, 4, 1000});
  CHECK(scores[2] == 0);
  CHECK(scores[4] == Approx(997 / 1.4826));
  // More than half are equal: the mean distance is taken.
  CHECK(data::robust_z_scores({1, 1, 1, 1, 6})[4] == Approx(5 / 1.2533));
  CHECK(data::robust_z_scores({2, 2}) == std::vector<double>{0, 0});
}

TEST_CASE("inequality and distance by hand") {
  CHECK(data::gini({5, 5, 5, 5}) == Approx(0).margin(1e-12));
  CHECK(data::gini({0, 0, 0, 8}) == Approx(0.75));
  CHECK(data::share_of_top({1, 7, 1, 1}, 0.01) == Approx(0.7));
  CHECK(data::share_of_top({1, 7, 1, 1}, 0.5) == Approx(0.8));
  const std::vector<std::uint64_t> a = {1, 1, 0, 0};
  const std::vector<std::uint64_t> b = {0, 0, 3, 1};
  const std::vector<std::uint64_t> c = {5, 5, 0, 0};
  CHECK(data::jensen_shannon_distance(a, b) == Approx(1));
  CHECK(data::jensen_shannon_distance(a, c) == Approx(0).margin(1e-9));
  const std::vector<std::uint64_t> d = {1, 0, 1, 0};
  CHECK(data::jensen_shannon_distance(a, d) == Approx(std::sqrt(0.5)));
}

TEST_CASE("ties are events at the same time in the file's own precision") {
  CHECK(data::examine(log_of("u,a,1\nu,b,1\nu,c,2\n")).user.tie_share == Approx(0.5));
  CHECK(data::examine(log_of("u,a,1.1\nu,b,1.2\nu,c,1.9\nv,a,1.9\n")).user.tie_share == 0);
  CHECK(data::examine(log_of("u,a,1700000000001\nu,b,1700000000001\nu,c,1700000000002\n")).user.tie_share ==
        Approx(0.5));
}

TEST_CASE("users' figures by hand") {
  // u: a b a (one repeat, one tie), v: c, w: c d.
  const auto quality = data::examine(log_of("u,a,1\nu,b,1\nu,a,9\nv,c,4\nw,c,1\nw,d,2\n"));
  CHECK(quality.users == 3);
  CHECK(quality.events == 6);
  CHECK(quality.user.cold_users == 2);
  CHECK(quality.user.repeat_rate == Approx(1.0 / 6));
  CHECK(quality.user.tie_share == Approx(1.0 / 3));
  CHECK(quality.user.history_length.median == 2);
  CHECK(quality.user.length_histogram == std::vector<std::size_t>{1, 2});
  CHECK(quality.item.cold_items == 4);
  CHECK(quality.duplicates == 0);
  CHECK(quality.item.popularity_curve.size() == 101);
  CHECK(quality.item.popularity_curve.back() == 1);
}

TEST_CASE("a bot is found among shoppers") {
  std::string rows;
  for (int user = 0; user < 200; ++user) {
    for (int event = 0; event < 3 + user % 7; ++event)
      rows += "u" + std::to_string(user) + ",i" + std::to_string(event) + "," + std::to_string(86'400 * event) + "\n";
  }
  for (int event = 0; event < 5000; ++event) rows += "bot,i1," + std::to_string(event) + "\n";
  const auto quality = data::examine(log_of(rows));
  REQUIRE(quality.user.outliers.size() == 1);
  CHECK(quality.user.outliers[0].id == "bot");
  CHECK(quality.user.outliers[0].events == 5000);
  CHECK(quality.user.outliers[0].events_per_day == Approx(5000));
  CHECK(quality.user.events_of_outlying_users == 5000);
  CHECK(has(data::find_problems(quality, {}, {}), data::Problem::outlying_users));
}

TEST_CASE("periods are calendar days, weeks from Monday, and months") {
  const auto period_of = [](const std::string& first, const std::string& last) {
    return data::examine_drift(log_of("u,a," + first + "\nu,a," + last + "\n"));
  };
  const auto days = period_of("2024-02-28T23:59:59Z", "2024-03-01");
  CHECK(days.period == data::Period::day);
  REQUIRE(days.periods.size() == 3);
  CHECK(days.periods[1].begin == 1'709'164'800);  // 2024-02-29
  CHECK(days.periods[1].events == 0);
  CHECK(days.periods[2].events_on_new_items == 1);
  const auto weeks = period_of("2024-01-03", "2024-06-01");
  CHECK(weeks.period == data::Period::week);
  CHECK(weeks.periods[0].begin == 1'704'067'200);  // Monday, 2024-01-01
  CHECK(weeks.periods.size() == 22);
  const auto months = period_of("2019-12-31", "2024-01-01");
  CHECK(months.period == data::Period::month);
  CHECK(months.periods.size() == 50);
  CHECK(months.periods[2].begin == 1'580'515'200);  // 2020-02-01
  // Times that are mistakes do not make a list without end.
  const auto apart = period_of("0001-01-01", "9999-12-31");
  CHECK(apart.periods.size() == data::max_periods);
  CHECK(apart.periods.back().events == 1);
}

TEST_CASE("drift is what is new in each period") {
  // Day 1: a b; day 2: a a c; day 3: b c.
  const auto drift =
      data::examine_drift(log_of("u,a,0\nu,b,1\nv,a,86400\nu,a,86401\nv,c,86402\nu,b,172800\nv,c,172801\n"));
  REQUIRE(drift.periods.size() == 3);
  CHECK(drift.periods[0].events == 2);
  CHECK(drift.periods[1].events == 3);
  CHECK(drift.periods[1].events_on_new_items == 1);
  CHECK(drift.periods[2].events_on_new_items == 1);
  CHECK(drift.new_item_share == Approx(2.0 / 5));
  // The first third: a b; the last: b c.
  CHECK(drift.popularity_distance == Approx(std::sqrt(0.5)));
}

TEST_CASE("problems are found beyond their thresholds") {
  data::ReadReport report;
  const auto sick = log_of("u,a,1\nu,a,1\nu,a,1\nv,b,9\nv,c,3\nw,d,\n", &report);
  const auto problems = data::find_problems(data::examine(sick), report, {.described_items = 1});
  using data::Problem;
  for (const Problem problem :
       {Problem::rows_refused, Problem::duplicates, Problem::time_goes_backwards, Problem::implausible_times,
        Problem::ties, Problem::cold_items, Problem::items_not_described}) {
    CAPTURE(data::problem_name(problem));
    CHECK(has(problems, problem));
  }
  CHECK_FALSE(has(problems, Problem::outlying_users));
  CHECK_FALSE(has(problems, Problem::cold_users));  // one of two: not more than half

  std::string rows;
  for (int user = 0; user < 10; ++user) {
    for (int event = 0; event < 6; ++event)
      rows += "u" + std::to_string(user) + ",i" + std::to_string(event) + "," + std::to_string(1'700'000'000 + event) +
              "\n";
  }
  CHECK(data::find_problems(data::examine(log_of(rows)), {}, {.described_items = 6}).empty());
}
