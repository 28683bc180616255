// The options of the log: the same in every subcommand, and the same log only with the same options.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

namespace {

Json check(const Workplace& place, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "check");
  arguments.emplace_back("--json");
  const Finished finished = place.run(arguments);
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
  return parse(finished.out);
}

}  // namespace

TEST_CASE("the same events are the same log in any format") {
  const Workplace place;
  const Json csv = check(place, {"--interactions", "log.csv"});
  std::string tsv = contents(place.path("log.csv"));
  for (char& c : tsv) c = c == ',' ? '\t' : c;
  write(place.path("log.txt"), tsv);
  CHECK(check(place, {"--interactions", "log.txt"})["log"]["fingerprint"] == csv["log"]["fingerprint"]);
  CHECK(check(place, {"--interactions", "log.txt", "--format", "tsv"})["log"]["fingerprint"] ==
        csv["log"]["fingerprint"]);
  const Finished wrong = place.run({"check", "--interactions", "log.txt", "--format", "csv"});
  CHECK(wrong.code == 1);
  CHECK(wrong.err.find("sotto check: log.txt: no column 'user_id'; the file has ") == 0);
}

TEST_CASE("several files are one log") {
  const Workplace place;
  write(place.path("a.csv"), Workplace::log_text("a", 10, 5));
  write(place.path("b.csv"), Workplace::log_text("b", 10, 5));
  const Json two = check(place, {"--interactions", "a.csv", "--interactions", "b.csv"});
  CHECK(two["log"]["events"] == 100);
  CHECK(two["log"]["users"] == 20);
  CHECK(two["log"]["name"] == "a.csv and 1 more");
  CHECK(check(place, {"--interactions", "a.csv", "b.csv"})["log"]["fingerprint"] == two["log"]["fingerprint"]);
}

TEST_CASE("a log comes from standard input") {
  const Workplace place;
  write(place.path("stdin.csv"), Workplace::log_text("a", 10, 5));
  const Finished finished = place.run({"check", "--interactions", "-", "--json"}, "stdin.csv");
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
  const Json report = parse(finished.out);
  CHECK(report["log"]["name"] == "standard input");
  CHECK(report["log"]["events"] == 50);
}

TEST_CASE("event types, ratings and filters are chosen on the command line") {
  const Workplace place;
  write(place.path("events.csv"),
        "user_id,item_id,timestamp,event,stars\n"
        "u,a,1,view,5\nu,a,1,view,5\nu,b,2,purchase,4\nu,c,3,view,1\nv,a,1,hover,5\nv,b,9000,view,5\n");
  const Json weighed = check(
      place, {"--interactions", "events.csv", "--event-column", "event", "--event-weight", "view=0,purchase=2,*=1"});
  CHECK(weighed["log"]["events"] == 2);
  CHECK(weighed["rows"]["without_weight"] == 4);
  const Json unknown = check(place, {"--interactions", "events.csv", "--event-column", "event"});
  CHECK(unknown["rows"]["refused_by_rule"]["event_type"]["rows"] == 1);
  const Json rated = check(place, {"--interactions", "events.csv", "--rating-column", "stars", "--min-rating", "4.5"});
  CHECK(rated["rows"]["rated_low"] == 2);
  const Json once = check(place, {"--interactions", "events.csv", "--drop-duplicates", "--min-item-events", "2"});
  CHECK(once["filters"][0]["filter"] == "duplicates");
  CHECK(once["filters"][0]["events"] == 5);
  CHECK(once["filters"][1]["events"] == 4);
  const Json sessions = check(place, {"--interactions", "events.csv", "--session-gap", "2h"});
  CHECK(sessions["filters"][0]["filter"] == "sessions");
  CHECK(sessions["log"]["users"] == 3);

  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--event-column", "event", "--event-weight", "view"},
                                             {"--event-weight", "view=1"},
                                             {"--min-rating", "4"},
                                             {"--session-gap", "0"},
                                             {"--session-gap", "half an hour"},
                                             {"--session-gap", "30m", "--session-column", "event"},
                                             {"--oov-item", "<oov>"},
                                             {"--k-core", "0"},
                                             {"--format", "xml"}}) {
    CAPTURE(wrong);
    std::vector<std::string> arguments = {"check", "--interactions", "events.csv"};
    arguments.insert(arguments.end(), wrong.begin(), wrong.end());
    const Finished finished = place.run(arguments);
    CHECK(finished.code == 2);
    CHECK(finished.err.find("sotto check: ") == 0);
  }
  const Finished nothing = place.run({"check", "--interactions", "events.csv", "--k-core", "100"});
  CHECK(nothing.code == 1);
  CHECK(nothing.err.find("sotto check: events.csv: the filters leave none of the log's 6 events; ") == 0);
}

TEST_CASE("sessions inside users: the last one is for the test, and evaluation needs the same options") {
  const Workplace place;
  std::string text = "user_id,item_id,timestamp\n";
  for (int user = 0; user < 60; ++user) {
    for (int event = 0; event < 12; ++event) {
      text += "u" + std::to_string(user) + ",item" + std::to_string((user + event) % 20) + "," +
              std::to_string(event / 4 * 10'000 + event * 10) + "\n";
    }
  }
  write(place.path("log.csv"), text);
  CHECK(place.train({"--split", "last-session"}).code == 1);
  const Finished trained = place.train({"--split", "last-session", "--session-gap", "1h", "--json"});
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
  const Json training = parse(trained.out)["training"];
  CHECK(training["split"]["kind"] == "last-session");
  CHECK(training["split"]["training_events"] == 240);
  CHECK(training["split"]["test_targets"] == 240);

  const std::vector<std::string> evaluate = {"evaluate", "--model", "m.safetensors", "--interactions", "log.csv"};
  std::vector<std::string> same = evaluate;
  same.insert(same.end(), {"--session-gap", "3600", "--json"});
  const Finished evaluated = place.run(same);
  CAPTURE(evaluated.err);
  REQUIRE(evaluated.code == 0);
  CHECK(parse(evaluated.out)["log_matches_training"] == true);

  std::vector<std::string> other = evaluate;
  other.insert(other.end(), {"--split", "leave-last-out", "--json", "--allow-trained-events"});
  const Finished mismatched = place.run(other);
  CAPTURE(mismatched.err);
  REQUIRE(mismatched.code == 0);
  const Json report = parse(mismatched.out);
  CHECK(report["log_matches_training"] == false);
  CHECK(report["notes"].dump().find("give the same options for columns") != std::string::npos);
}
