#include <sotto/present/check_report.hpp>

#include "../evaluate/toy_log.hpp"
#include "hostile_text.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace sotto;

namespace {

// A report on a log of three users from a file with a hostile name.
present::CheckReport example_check() {
  const data::Interactions log = test::toy_log({"abcab", "aa", "c"});
  present::CheckReport report;
  report.log_file = test::hostile;
  report.command_line = "sotto check " + test::hostile;
  report.log = data::identify(log);
  report.read.rows = 10;
  report.read.rows_refused = 2;
  report.coverage =
      data::ItemCoverage{.file_items = 7, .described_items = 1, .titles = 1, .rounded_ids = {}, .file = {}};
  report.read.refused.push_back({.rule = data::RowRule::timestamp, .rows = 2, .first = test::hostile});
  report.filtered.steps.push_back({.name = "k_core", .events = 8, .users = 3, .items = 3});
  present::examine(report, log);
  return report;
}

}  // namespace

TEST_CASE("a check as JSON has all its fields") {
  const auto json = nlohmann::json::parse(to_json(example_check()).indented_text(), nullptr, false);
  REQUIRE(json.is_object());
  CHECK(json["log"]["events"] == 8);
  CHECK(json["log"]["fingerprint"].get<std::string>().size() == 16);
  CHECK(json["rows"]["read"] == 10);
  CHECK(json["rows"]["refused"] == 2);
  CHECK(json["rows"]["refused_by_rule"]["timestamp"]["rows"] == 2);
  CHECK(json["rows"]["refused_by_rule"]["timestamp"]["first"] == test::hostile);
  CHECK(json["filters"][0] == nlohmann::json{{"filter", "k_core"}, {"events", 8}, {"users", 3}, {"items", 3}});
  CHECK(json["duplicates"] == 0);
  CHECK(json["users"]["users"] == 3);
  CHECK(json["users"]["cold"] == 2);
  CHECK(json["users"]["events_per_user"]["max"] == 5);
  CHECK(json["users"]["users_by_events_doubling"] == nlohmann::json{1, 1, 1});
  CHECK(json["items"]["items"] == 3);
  CHECK(json["items"]["items_file"] ==
        nlohmann::json{
            {"items", 7}, {"of_the_log", 1}, {"titles", 1}, {"categories", 0}, {"prices", 0}, {"rounded_ids", 0}});
  CHECK(json["time"]["first_timestamp"] == 0);
  CHECK(json["time"]["period"] == "day");
  CHECK(json["time"]["periods"][0]["events"] == 8);
  CHECK(json["problems"][0]["problem"] == "rows_refused");
  CHECK(json["problems"][0]["sentence"] == "2 of 10 rows break a rule and are left out");
  CHECK(json.contains("seconds"));
}

TEST_CASE("a check as text has a line for each figure, and its summary has three lines") {
  const std::string text = to_text(example_check());
  CHECK(text.find(": 8 events of 3 users on 3 items (fingerprint ") != std::string::npos);
  for (const char* part : {"\nRows\n", "\nUsers\n", "\nItems\n", "\nTime\n", "\nWorth a look\n", "1970-01-01"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(summary(example_check()).size() == 3);
}

TEST_CASE("a check as a page is self-contained") { test::check_self_contained(to_html(example_check())); }
