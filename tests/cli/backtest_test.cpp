#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

TEST_CASE("a backtest as JSON, as a table and as a page") {
  const Workplace place;
  REQUIRE(place.train({"--split", "temporal"}).code == 0);
  const std::vector<std::string> command{"backtest", "--model", "m.safetensors", "--interactions", "log.csv"};
  auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), command.begin(), command.end());
    return place.run(more);
  };
  const Finished json = with({"--json", "--html", "report.html"});
  CAPTURE(json.err);
  REQUIRE(json.code == 0);
  const Json result = parse(json.out);
  CHECK(result["architecture"]["memory_term"] == true);
  CHECK(result["targets"] > 100);
  for (const char* arm : {"popularity", "frequency", "sequential_knn", "base", "memory", "head", "personal"}) {
    for (const char* metric : {"hr@10", "ndcg@10", "mrr@10"}) {
      CAPTURE(arm, metric);
      CHECK(result["arms"][arm][metric] >= 0);
      CHECK(result["arms"][arm][metric] <= 1);
    }
  }
  CHECK(result["helped"].get<double>() + result["harmed"].get<double>() <= 1);
  CHECK(result["us_per_event"] > 0);
  CHECK(result["bytes_per_user"] > 1000);

  // The same arm as an evaluation of the same targets.
  const Finished evaluated = place.run({"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--json"});
  REQUIRE(evaluated.code == 0);
  CHECK(parse(evaluated.out)["arms"]["fixed"]["ndcg@10"] == result["arms"]["base"]["ndcg@10"]);

  const std::string page = contents(place.path("report.html"));
  CHECK(page.find("Learning on the device, replayed") != std::string::npos);
  CHECK(page.find("Who is helped") != std::string::npos);
  const Finished text = with({});
  REQUIRE(text.code == 0);
  CHECK(text.out.find("\npersonal ") != std::string::npos);
  CHECK(text.out.find("of the users, personal against base") != std::string::npos);
}

TEST_CASE("a backtest on a base that saw the replayed events is refused") {
  const Workplace place;
  REQUIRE(place.train({"--split", "none"}).code == 0);
  const Finished refused = place.run({"backtest", "--model", "m.safetensors", "--interactions", "log.csv", "--json"});
  CHECK(refused.code == 3);
  CHECK(refused.out.empty());
  CHECK(refused.err.find("sotto backtest: refused: ") == 0);
  CHECK(refused.err.find("--split temporal") != std::string::npos);
}
