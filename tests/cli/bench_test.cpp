// 'sotto bench' from the outside: what it reports, not how fast anything was.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

namespace {

const std::vector<std::string> small_model = {"bench", "--items", "60", "--embedding-dim", "8", "--hidden-dim", "16"};

std::vector<std::string> small_bench(const std::vector<std::string>& further) {
  std::vector<std::string> arguments = small_model;
  arguments.insert(arguments.end(), further.begin(), further.end());
  return arguments;
}

}  // namespace

TEST_CASE("a measurement as JSON and as a page") {
  const Workplace place;
  const Finished finished = place.run(small_bench({"--rounds", "2", "--json", "--html", "bench.html"}));
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
  CHECK(finished.err.empty());
  const Json bench = parse(finished.out);
  CHECK(bench["model"].is_null());
  CHECK(bench["architecture"]["items"] == 60);
  CHECK(bench["architecture"]["layers"] == 2);
  CHECK(bench["model_bytes"] > 60 * (8 + 16));
  CHECK(bench["head_bits"] == 8);
  CHECK(bench["stored_state_bytes"] > 0);
  CHECK(bench["rounds"] == 2);
  CHECK(bench["seconds"] > 0);
  CHECK(bench["interrupted"] == false);
  bool reference = false;
  bool goal_row = false;
  for (const Json& row : bench["rows"]) {
    CAPTURE(row.dump());
    for (const char* quantile : {"median", "p10", "p90"}) CHECK(row["micros"][quantile] > 0);
    CHECK(row["calls_per_sample"] >= 1);
    CHECK(row["times_as_fast_as_reference"] > 0);
    reference = reference || row["tier"] == "reference";
    goal_row = goal_row || (row["row"] == "event_top10" && row["share_of_floor"] > 0);
  }
  CHECK(reference);
  CHECK(goal_row);
  for (const Json& floor : bench["floors"]) CHECK(floor["micros"]["median"] > 0);

  const std::string page = contents(place.path("bench.html"));
  CHECK(page.find("one event, top 10") != std::string::npos);
  CHECK(page.find("sotto bench --items 60") != std::string::npos);
}

TEST_CASE("a measurement as a table, of chosen rows in one tier, on a trained model") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  const Finished finished = place.run({"bench", "--model", "m.safetensors", "--tier", "reference", "--row", "event",
                                       "--row", "event_top10", "--seconds", "0.05"});
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
  CHECK(finished.out.find("m.safetensors") != std::string::npos);
  CHECK(finished.out.find("one event, top 10") != std::string::npos);
  CHECK(finished.out.find("opening") == std::string::npos);
  CHECK(finished.out.find("reference takes one event with its top 10 at ") != std::string::npos);
}

TEST_CASE("a fixed number of calls gives the same in every tier and again") {
  const Workplace place;
  const auto checks = [&] {
    const Finished finished = place.run(small_bench({"--calls", "30", "--json"}));
    REQUIRE(finished.code == 0);
    return parse(finished.out);
  };
  const Json first = checks();
  CHECK(first["calls"] == 30);
  for (const Json& row : first["rows"]) {
    for (const Json& other : first["rows"]) {
      if (row["row"] == other["row"]) CHECK(row["check"] == other["check"]);
    }
  }
  CHECK(first == checks());
}

TEST_CASE("Ctrl-C shows the rounds so far and ends with exit code 130") {
  const Workplace place;
  const ::pid_t child = place.start(small_bench({"--seconds", "3600", "--row", "event", "--json"}));
  std::this_thread::sleep_for(std::chrono::seconds(1));  // long enough for it to listen
  REQUIRE(::kill(child, SIGINT) == 0);
  const Finished interrupted = place.wait(child);
  CHECK(interrupted.code == 130);
  CHECK(interrupted.err.find("sotto bench: interrupted") == 0);
  if (!interrupted.out.empty()) CHECK(parse(interrupted.out)["interrupted"] == true);
}

TEST_CASE("wrong options are refused by name") {
  const Workplace place;
  struct Row {
    std::vector<std::string> arguments;
    int code;
    std::string error;  // in stderr
  };
  const std::vector<Row> rows = {
      {{"bench", "--tier", "fast"}, 2, "sotto bench: --tier: fast not in"},
      {{"bench", "--row", "all"}, 2, "sotto bench: --row: all not in"},
      {{"bench", "--items", "0"}, 2, "--items"},
      {{"bench", "--tied"}, 2, "sotto bench: --tied: --embedding-dim 16 and --hidden-dim 128 must be alike"},
      {{"bench", "--model", "m", "--layers", "1"}, 2, "--layers"},
      {{"bench", "--calls", "1", "--seconds", "1"}, 2, "--calls"},
      {{"bench", "--model", "none"}, 1, "sotto bench: cannot open 'none': No such file or directory\n"},
      {{"bench", "--html", "no/page.html"}, 1, "sotto bench: cannot write 'no/page.html': "},
  };
  for (const Row& row : rows) {
    const Finished finished = place.run(row.arguments);
    CAPTURE(row.arguments, finished.err);
    CHECK(finished.code == row.code);
    CHECK(finished.out.empty());
    CHECK(finished.err.find(row.error) != std::string::npos);
  }
}
