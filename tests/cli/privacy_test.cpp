// `sotto privacy` from the outside.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

TEST_CASE("sotto privacy computes epsilon by Rényi divergence and exactly") {
  const Workplace place;
  const Finished json = place.run({"privacy", "--noise", "8", "--reports", "4", "--delta", "1e-6", "--json"});
  REQUIRE(json.code == 0);
  CHECK(json.err.empty());
  const Json report = parse(json.out);
  CHECK(std::fabs(report["epsilon"]["renyi"].get<double>() - 1.143) < 5e-4);
  CHECK(std::fabs(report["epsilon"]["exact"].get<double>() - 1.061) < 5e-4);
  CHECK(report["lifetime"]["reports"] == 48);

  // The same are the defaults.
  const Finished text = place.run({"privacy"});
  CHECK(text.code == 0);
  CHECK(text.out.find("At most 4 reports of one choice in 28 days") == 0);
  CHECK(text.out.find("\nFor a visitor\n") != std::string::npos);
  CHECK(parse(place.run({"privacy", "--json"}).out) == report);
}

TEST_CASE("sotto privacy finds the noise for a wish") {
  const Workplace place;
  const Finished json = place.run({"privacy", "--epsilon", "0.5", "--mechanism", "Laplace", "--months", "1", "--json"});
  REQUIRE(json.code == 0);
  const Json report = parse(json.out);
  CHECK(report["wish"]["noise"]["laplace"].get<double>() <= report["laplace"]["noise"].get<double>());
  CHECK(report["laplace"]["epsilon"].get<double>() <= 0.5);
  CHECK_FALSE(report.contains("epsilon"));
}

TEST_CASE("sotto privacy refuses values that it has no answer for") {
  const Workplace place;
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{{"--noise", "0"},
                                                                                     {"--noise", "-8"},
                                                                                     {"--noise", "nan"},
                                                                                     {"--delta", "0"},
                                                                                     {"--delta", "1"},
                                                                                     {"--reports", "0"},
                                                                                     {"--months", "0"},
                                                                                     {"--epsilon", "0"},
                                                                                     {"--epsilon", "1", "--noise", "8"},
                                                                                     {"--mechanism", "uniform"},
                                                                                     {"--min-batch", "0"},
                                                                                     {"--slots", "0"}}) {
    std::vector<std::string> arguments = {"privacy"};
    arguments.insert(arguments.end(), wrong.begin(), wrong.end());
    CAPTURE(wrong.front(), wrong.back());
    const Finished finished = place.run(arguments);
    CHECK(finished.code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.err.find("sotto privacy: ") == 0);
  }
}
