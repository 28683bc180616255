// What 'sotto evaluate' compares a model with, and what it says of the figures' limits.
#include "workplace.hpp"

#include <set>

using namespace sotto::test;

namespace {

const std::vector<std::string> evaluation_of_log = {"evaluate",       "--model", "m.safetensors",
                                                    "--interactions", "log.csv", "--json"};

// Orders of three lines, each line in the second of the order and sorted by item. Later users order later.
std::string orders() {
  std::string text = "user_id,item_id,timestamp\n";
  unsigned random = 1;
  for (int user = 0; user < 100; ++user) {
    for (int order = 0; order < 4; ++order) {
      random = random * 1664525U + 1013904223U;
      const unsigned basket = (random >> 24) % 5;
      for (const char* line : {"a", "b", "c"}) {
        text += "u" + std::to_string(user) + "," + line + std::to_string(basket) + "," +
                std::to_string(100'000 * user + 1000 * order) + "\n";
      }
    }
  }
  return text;
}

std::set<std::string> baselines(const Json& evaluation) {
  std::set<std::string> names;
  for (const auto& [name, arm] : evaluation["arms"].items()) {
    if (arm["kind"] == "baseline") names.insert(name);
  }
  return names;
}

}  // namespace

TEST_CASE("a log of orders is evaluated a second time with shuffled lines, and the notes say what the figures hide") {
  const Workplace place;
  write(place.path("log.csv"), orders());
  REQUIRE(place.train().code == 0);
  const Finished evaluated = place.run(evaluation_of_log);
  CAPTURE(evaluated.err);
  REQUIRE(evaluated.code == 0);
  const Json evaluation = parse(evaluated.out);
  const std::string notes = evaluation["notes"].dump();
  CAPTURE(notes);
  CHECK(notes.find("there are only 100 targets") != std::string::npos);
  CHECK(notes.find("100 % of the targets are in the same second as the event before them") != std::string::npos);
  CHECK(notes.find("later than the median target: all arms look into the future") != std::string::npos);

  REQUIRE(evaluation.contains("shuffled_ties"));
  const Json& shuffled = evaluation["shuffled_ties"];
  CHECK(shuffled["seed"] == evaluation["bootstrap_seed"]);
  for (const std::string& name : baselines(evaluation)) CHECK(shuffled["arms"].contains(name));
  REQUIRE(shuffled["arms"].contains("fixed"));
  CHECK(shuffled["arms"].size() == baselines(evaluation).size() + 1);
  // The file's sorting told that c follows b.
  CHECK(evaluation["arms"]["markov"]["ndcg@10"] > 0.99);
  CHECK(shuffled["arms"]["markov"]["ndcg@10"] < 0.9);
  CHECK(shuffled["arms"]["markov"]["change"] < -0.1);

  auto in_words = evaluation_of_log;
  in_words.pop_back();
  const std::string text = place.run(in_words).out;
  CHECK(text.find("The same targets after events of one second were put in a random order") != std::string::npos);
  CHECK(text.find("there are only 100 targets") != std::string::npos);
}

TEST_CASE("a log without ties is evaluated once, and has no notes that do not fit it") {
  const Workplace place;
  write(place.path("log.csv"), Workplace::log_text("u", 240, 12));
  REQUIRE(place.train().code == 0);
  const Json evaluation = parse(place.run(evaluation_of_log).out);
  CHECK_FALSE(evaluation.contains("shuffled_ties"));
  const std::string notes = evaluation["notes"].dump();
  CHECK(notes.find("there are only") == std::string::npos);
  CHECK(notes.find("in the same second") == std::string::npos);
  CHECK(notes.find("later than the median target") == std::string::npos);
}

TEST_CASE("users' own past is among the baselines where users meet items again") {
  const std::set<std::string> of_others = {"popularity", "recent_popularity", "markov", "sequential_knn", "item_knn"};
  std::set<std::string> all = of_others;
  all.insert({"frequency", "recency", "past_and_knn"});

  const Workplace place;
  std::string again = "user_id,item_id,timestamp\n";
  std::string once = again;
  for (int user = 0; user < 40; ++user) {
    for (int event = 0; event < 8; ++event) {
      const std::string id = "u" + std::to_string(user) + ",";
      const std::string time = "," + std::to_string(1000 + event) + "\n";
      again += id + "own" + std::to_string((user * 3 + event % 2) % 20) + time;  // two items in turn
      once += id + "item" + std::to_string((user + event) % 20) + time;
    }
  }
  write(place.path("log.csv"), again);
  REQUIRE(place.train().code == 0);
  const Json evaluation = parse(place.run(evaluation_of_log).out);
  CHECK(evaluation["history"] == "ranked");
  CHECK(baselines(evaluation) == all);
  // Each user's two items are the first two of their own past.
  for (const char* arm : {"frequency", "recency"}) CHECK(evaluation["arms"][arm]["hr@5"] == 1);
  CHECK(evaluation["arms"]["popularity"]["hr@5"] < 0.9);

  auto without_past = evaluation_of_log;
  without_past.insert(without_past.end(), {"--history", "excluded"});
  CHECK(baselines(parse(place.run(without_past).out)) == of_others);

  write(place.path("log.csv"), once);
  REQUIRE(place.train().code == 0);
  CHECK(baselines(parse(place.run(evaluation_of_log).out)) == of_others);
}
