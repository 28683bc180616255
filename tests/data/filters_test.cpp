#include <sotto/data/filters.hpp>
#include <sotto/data/sessions.hpp>
#include <sotto/data/split.hpp>

#include "log_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace sotto;
using sotto::test::read_text;

namespace {

// Columns user, item, time, one line each.
data::Interactions log_of_rows(const std::string& rows) {
  auto log = read_text("user_id,item_id,timestamp\n" + rows);
  REQUIRE(log.ok());
  return std::move(*log);
}

// "u: a b; v: c", a bar before each session.
std::string text_of(const data::Interactions& log) {
  std::string text;
  for (std::size_t user = 0; user < log.users(); ++user) {
    text += (user == 0 ? "" : "; ") + std::string(log.user_ids[user]) + ":";
    for (std::size_t event = log.user_begin[user]; event < log.user_begin[user + 1]; ++event) {
      if (!log.begins_session.empty() && log.begins_session[event]) text += " |";
      text += " " + log.item_ids[log.item[event]];
    }
  }
  return text;
}

std::string filtered(const std::string& rows, const data::FilterOptions& options,
                     data::FilterReport* report = nullptr) {
  data::Interactions log = log_of_rows(rows);
  data::FilterReport ignored;
  const auto status = data::apply_filters(log, options, report != nullptr ? *report : ignored);
  if (!status) return "error: " + status.error().detail;
  CHECK(log.user_begin.size() == log.users() + 1);
  CHECK(log.user_begin.back() == log.events());
  CHECK(log.timestamp.size() == log.events());
  return text_of(log);
}

}  // namespace

TEST_CASE("duplicates have user, item and second in common, however far apart in the file") {
  CHECK(filtered("u,a,1\nu,b,1\nu,a,1\nv,a,1\nu,a,2\nu,b,1\nu,a,1\n", {.drop_duplicates = true}) == "u: a b a; v: a");
}

TEST_CASE("sessions end after a gap and become users") {
  const std::string rows = "u,a,0\nu,b,60\nu,c,121\nv,a,5\nu,d,500\n";
  CHECK(filtered(rows, {.session_gap_seconds = 60}) == "u#1: a b; u#2: c; u#3: d; v#1: a");
  CHECK(filtered(rows, {.session_gap_seconds = 61}) == "u#1: a b c; u#2: d; v#1: a");
  CHECK(filtered(rows, {.session_gap_seconds = 60, .unit = data::SequenceUnit::user}) == "u: | a b | c | d; v: | a");
}

TEST_CASE("rare items go, or become one") {
  const std::string rows = "u,a,1\nu,b,2\nu,a,3\nv,c,1\nw,a,1\nw,d,2\n";
  CHECK(filtered(rows, {.min_item_events = 2}) == "u: a a; w: a");
  CHECK(filtered(rows, {.min_item_events = 2, .pooled_item = "<oov>"}) == "u: a <oov> a; v: <oov>; w: a <oov>");
  // An item of that name is the stand-in.
  CHECK(filtered(rows, {.min_item_events = 2, .pooled_item = "d"}) == "u: a d a; v: d; w: a d");
}

TEST_CASE("a log has at most so many items, and the stand-in is one of them") {
  const std::string rows = "u,a,1\nu,b,2\nu,c,3\nv,d,1\nv,c,2\nv,b,3\nv,e,4\n";  // b and c twice
  CHECK(filtered(rows, {.max_items = 5}) == "u: a b c; v: d c b e");
  // Of a, d and e, which have as many events, a comes first.
  CHECK(filtered(rows, {.max_items = 4}) == "u: a b c; v: <oov> c b <oov>");
  CHECK(filtered(rows, {.max_items = 2}) == "u: <oov> b <oov>; v: <oov> <oov> b <oov>");
  CHECK(filtered(rows, {.max_items = 3, .pooled_item = "d"}) == "u: d b c; v: d c b d");
  // What is pooled for being rare is the same item.
  CHECK(filtered(rows, {.min_item_events = 2, .max_items = 3, .pooled_item = "x"}) == "u: x b c; v: x c b x");
  CHECK(filtered(rows, {.min_item_events = 2, .max_items = 2, .pooled_item = "x"}) == "u: x b x; v: x x b x");
  data::FilterReport report;
  filtered(rows, {.max_items = 4}, &report);
  REQUIRE(report.steps.size() == 1);
  CHECK(report.steps[0].name == "max_items");
  CHECK(report.steps[0].items == 4);
}

TEST_CASE("the k-core is taken until nothing changes") {
  // d goes with v's second event, then v is too short, then b too rare, then u.
  CHECK(filtered("u,a,1\nu,b,2\nv,b,1\nv,d,2\nw,a,1\nw,c,2\nx,a,1\nx,c,2\n", {.k_core = 2}) == "w: a c; x: a c");
  CHECK(filtered("u,a,1\nv,b,1\n", {.k_core = 2}) ==
        "error: the filters leave none of the log's 2 events; ask for fewer events per item or a smaller k-core");
}

TEST_CASE("filters run in their order and report each step") {
  data::FilterReport report;
  const std::string rows = "u,a,0\nu,a,0\nu,b,10\nu,a,1000\nu,b,1010\nv,c,0\nv,a,10\nv,b,20\n";
  CHECK(filtered(rows, {.drop_duplicates = true, .session_gap_seconds = 100, .min_item_events = 2, .k_core = 2},
                 &report) == "u#1: a b; u#2: a b; v#1: a b");
  CHECK(report.before.events == 8);
  REQUIRE(report.steps.size() == 4);
  CHECK(report.steps[0].name == "duplicates");
  CHECK(report.steps[0].events == 7);
  CHECK(report.steps[1].users == 3);
  CHECK(report.steps[2].items == 2);
  CHECK(report.steps[3].events == 6);
}

TEST_CASE("weights and sessions stay with their events") {
  auto log = read_text(
      "user_id,item_id,timestamp,event,visit\n"
      "u,rare,1,cart,1\nu,a,2,view,1\nu,a,9,purchase,2\nu,rare2,8,view,2\nv,a,1,cart,1\n",
      {.event_column = "event", .session_column = "visit"});
  REQUIRE(log.ok());
  data::FilterReport report;
  REQUIRE(data::apply_filters(*log, {.unit = data::SequenceUnit::user, .min_item_events = 2}, report).ok());
  CHECK(text_of(*log) == "u: | a | a; v: | a");
  CHECK(log->weight == std::vector<float>{1, 5, 3});
}

TEST_CASE("the last session is for the test, the one before for validation") {
  data::Interactions log = log_of_rows(
      "u,a,0\nu,b,1\nu,c,1000\nu,d,1001\nu,e,2000\nu,f,2001\nu,g,2002\n"
      "two,a,0\ntwo,b,1000\n");
  data::cut_sessions(log, 100);
  const data::Split split(log, data::SplitKind::last_session);
  CHECK(split.training_items(0).size() == 2);
  CHECK(split.validation_targets(0).begin == 2);
  CHECK(split.validation_targets(0).end == 4);
  CHECK(split.test_targets(0).begin == 4);
  CHECK(split.test_targets(0).end == 7);
  CHECK(split.training_items(1).size() == 2);
  CHECK(split.test_targets(1).empty());
  CHECK(split.record().kind == "last-session");
  CHECK(data::parse_split_kind("last-session") == data::SplitKind::last_session);
}

TEST_CASE("sessions inside users are part of a log's identity") {
  data::Interactions a = log_of_rows("u,a,0\nu,b,1000\n");
  const auto without = data::identify(a).fingerprint;
  data::cut_sessions(a, 100);
  const auto two = data::identify(a).fingerprint;
  data::cut_sessions(a, 10'000);
  const auto one = data::identify(a).fingerprint;
  CHECK((without != two && two != one && one != without));
}
