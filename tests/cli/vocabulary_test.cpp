// A limit to the log's items: recorded in the model, and done again to the log without being asked for.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

namespace {

Json evaluate(const Workplace& place, const std::string& log, const std::vector<std::string>& further = {}) {
  std::vector<std::string> arguments = {"evaluate", "--model", "m.safetensors", "--interactions", log, "--json"};
  arguments.insert(arguments.end(), further.begin(), further.end());
  const Finished evaluated = place.run(arguments);
  CAPTURE(evaluated.err);
  REQUIRE(evaluated.code == 0);
  return parse(evaluated.out);
}

}  // namespace

TEST_CASE("at most N items, the out-of-vocabulary item among them") {
  const Workplace place;
  const Finished trained = place.train({"--max-items", "8", "--json"});
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
  CHECK(trained.err.find(
            "sotto train: the log has 20 items; the most frequent 7 keep their id, the others are '<oov>'") == 0);
  const Json training = parse(trained.out);
  CHECK(training["architecture"]["items"] == 8);
  CHECK(training["training"]["log"]["events"] == 1440);
  CHECK(training["training"]["vocabulary"] == Json{{"max_items", 8}, {"oov_item", "<oov>"}});

  const Json inspection = parse(place.run({"inspect", "m.safetensors", "--json", "--items", "8"}).out);
  CHECK(inspection["training"]["vocabulary"]["max_items"] == 8);
  CHECK(inspection["catalogue"]["items"].dump().find(R"("<oov>")") != std::string::npos);
  CHECK(place.run({"inspect", "m.safetensors"})
            .out.find("\nvocabulary: at most 8 items, of which '<oov>' stands for all that were left out\n") !=
        std::string::npos);

  CHECK(evaluate(place, "log.csv")["log_matches_training"] == true);
  CHECK(evaluate(place, "log.csv", {"--max-items", "8"})["log_matches_training"] == true);
  CHECK(evaluate(place, "log.csv", {"--max-items", "9", "--allow-trained-events"})["log_matches_training"] == false);
  REQUIRE(place
              .run({"quantize", "--model", "m.float.safetensors", "--interactions", "log.csv", "--out",
                    "again.safetensors"})
              .code == 0);
  CHECK(contents(place.path("again.safetensors")) == contents(place.path("m.safetensors")));
}

TEST_CASE("the out-of-vocabulary item has the id that was chosen for it") {
  const Workplace place;
  REQUIRE(place.train({"--max-items", "8", "--oov-item", "other"}).code == 0);
  const Json inspection = parse(place.run({"inspect", "m.safetensors", "--json", "--items", "8"}).out);
  CHECK(inspection["training"]["vocabulary"]["oov_item"] == "other");
  CHECK(inspection["catalogue"]["items"].dump().find(R"("other")") != std::string::npos);
  CHECK(evaluate(place, "log.csv")["log_matches_training"] == true);

  const Finished alone = place.run({"check", "--interactions", "log.csv", "--max-items", "1"});
  CHECK(alone.code == 2);
  CHECK(alone.err.find("sotto check: --max-items: 1 item would be '<oov>' alone") == 0);
}

TEST_CASE("keras-classic has 10,000 items at most, and says how many pairs it told right") {
  const Workplace place;
  const std::vector<std::string> quick = {"--preset", "keras-classic", "--json"};
  const Finished trained = place.train(quick);
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
  const Json training = parse(trained.out);
  CHECK(training["architecture"]["items"] == 20);
  CHECK(training["training"]["vocabulary"]["max_items"] == 10'000);
  CHECK(training["training"]["validation_accuracy"] > 0.4);
  CHECK(training["training"]["validation_accuracy"] <= 1.0);
  CHECK(training["training"]["validation_ndcg@10"] == 0);
  CHECK(parse(place.run({"inspect", "m.safetensors", "--json"}).out)["training"]["validation_accuracy"] ==
        training["training"]["validation_accuracy"]);
  CHECK(place.run({"inspect", "m.safetensors"}).out.find(" epochs, validation accuracy 0.") != std::string::npos);

  std::vector<std::string> unlimited = quick;
  unlimited.insert(unlimited.end(), {"--max-items", "0"});
  CHECK_FALSE(parse(place.train(unlimited).out)["training"].contains("vocabulary"));
}
