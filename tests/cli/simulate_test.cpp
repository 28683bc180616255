#include "terminal.hpp"
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

namespace {

// Users who come on every day and choose one of ten items at random. In the last days, ten other items take over.
std::string drifting_log() {
  std::string text = "user_id,item_id,timestamp\n";
  unsigned random = 1;
  for (unsigned day = 0; day < 50; ++day) {
    for (unsigned user = 0; user < 40; ++user) {
      random = random * 1664525U + 1013904223U;
      const unsigned first = day >= 45 && random >> 30 != 0 ? 10 : 0;
      const unsigned item = (random >> 16) % 10 + first;
      text += "u" + std::to_string(user) + ",item" + std::to_string(item) + "," +
              std::to_string(1'700'000'000 + day * 86'400 + user) + "\n";
    }
  }
  return text;
}

// A workplace with that log and a base of its past.
class DriftingWorkplace : public Workplace {
 public:
  DriftingWorkplace() {
    write(path("log.csv"), drifting_log());
    REQUIRE(train({"--split", "temporal", "--no-final-training"}).code == 0);
  }
};

const std::vector<std::string> command{"simulate", "--model", "m.safetensors", "--interactions", "log.csv"};

Finished simulate(const Workplace& place, std::vector<std::string> more) {
  more.insert(more.begin(), command.begin(), command.end());
  return place.run(more);
}

}  // namespace

TEST_CASE("a simulation as JSON, as a table and as a page") {
  const DriftingWorkplace place;
  const Finished json = simulate(place, {"--json", "--html", "report.html", "--seeds", "2"});
  CAPTURE(json.err);
  REQUIRE(json.code == 0);
  const Json result = parse(json.out);
  CHECK(result["worth_it"] == true);
  CHECK(result["devices"].is_number_unsigned());
  CHECK(result["answer"].get<std::string>().starts_with("Private sync is worth it here from "));
  CHECK(result["rounds"] == "daily");
  REQUIRE(result["arms"].size() == 9);
  for (const char* arm :
       {"base", "personal", "trend", "trend_z4", "trend_z8", "adapter", "federated_head", "central", "counts"}) {
    CAPTURE(arm);
    for (const char* rounds : {"daily", "weekly"}) {
      const Json& of = result["by_rounds"][rounds]["arms"][arm];
      for (const char* metric : {"ndcg@10", "new_items_ndcg@10"}) {
        CHECK(of[metric] >= 0);
        CHECK(of[metric] <= 1);
        CHECK(of["intervals"][metric].size() == 2);
      }
      CHECK(of["ahead"]["interval"].size() == 2);
    }
    CHECK(result["arms"][arm] == result["by_rounds"]["daily"]["arms"][arm]);
  }
  CHECK(result["arms"]["trend_z8"]["ahead"]["percent"] > 20);
  CHECK(result["arms"]["trend_z8"]["new_items_ndcg@10"] > 0.1);
  CHECK(result["by_rounds"]["daily"]["by_devices"].size() == 6);
  const Json& rounds = result["by_rounds"]["daily"]["rounds"];
  REQUIRE(rounds.size() > 8);
  CHECK(rounds.front()["warm_up"] == true);
  CHECK(rounds.back()["devices"] == 40);
  CHECK(rounds.back()["prior"] > 0.5);
  CHECK(rounds.back()["ndcg@10"]["trend"] > rounds.back()["ndcg@10"]["personal"]);

  // The same arms as a backtest of the same targets.
  const Finished backtest = place.run({"backtest", "--model", "m.safetensors", "--interactions", "log.csv", "--json"});
  REQUIRE(backtest.code == 0);
  for (const char* arm : {"base", "personal"}) {
    const double difference =
        parse(backtest.out)["arms"][arm]["ndcg@10"].get<double>() - result["arms"][arm]["ndcg@10"].get<double>();
    CHECK(std::abs(difference) < 1e-9);
  }

  const std::string page = contents(place.path("report.html"));
  CHECK(page.find("Private sync, simulated") != std::string::npos);
  CHECK(page.find("How many devices it takes") != std::string::npos);
  const Finished text = simulate(place, {"--arms", "trend,trend_z8", "--batches", "5000", "--seeds", "1"});
  REQUIRE(text.code == 0);
  CHECK(text.out.find("\ntrend_z8 ") != std::string::npos);
  CHECK(text.out.find("\nPrivate sync is worth it here from 5,000 devices in a round on") != std::string::npos);
}

TEST_CASE("a simulation does without what was not asked for") {
  const DriftingWorkplace place;
  const Finished without = simulate(place, {"--arms", "counts", "--round-days", "2", "--json"});
  REQUIRE(without.code == 0);
  const Json result = parse(without.out);
  CHECK(result["worth_it"].is_null());
  CHECK(result["devices"].is_null());
  CHECK(result["rounds"] == "every 2 days");
  CHECK(result["arms"].size() == 3);
  const Finished other_noise = simulate(place, {"--arms", "trend_z2", "--noise", "2", "--json"});
  REQUIRE(other_noise.code == 0);
  CHECK(parse(other_noise.out)["arms"].contains("trend_z2"));

  const Finished unknown = simulate(place, {"--arms", "trend_z9"});
  CHECK(unknown.code == 1);
  CHECK(unknown.err.find("there is no arm 'trend_z9'") != std::string::npos);
  CHECK(simulate(place, {"--seeds", "0"}).code == 2);
  CHECK(simulate(place, {"--round-days", "0"}).code == 2);
}

TEST_CASE("a simulation on a base that saw the events is refused") {
  const Workplace place;
  REQUIRE(place.train({"--split", "none"}).code == 0);
  const Finished refused = simulate(place, {"--json"});
  CHECK(refused.code == 3);
  CHECK(refused.out.empty());
  CHECK(refused.err.find("sotto simulate: refused: m.safetensors: ") == 0);
  CHECK(refused.err.find("--split temporal --no-final-training") != std::string::npos);

  REQUIRE(place.train({"--split", "temporal", "--force"}).code == 0);
  const Finished no_warm_up = simulate(place, {"--json"});
  CHECK(no_warm_up.code == 1);
  CHECK(no_warm_up.err.find("m.safetensors: has learned from the validation's events") != std::string::npos);
  CHECK(no_warm_up.err.find("--no-final-training") != std::string::npos);
}

TEST_CASE("a simulation shows its progress on a terminal, and Ctrl-C ends it") {
  const DriftingWorkplace place;
  std::vector<std::string> long_command = command;
  for (const char* word : {"--arms", "trend_z8", "--seeds", "1000", "--threads", "1"}) long_command.emplace_back(word);
  const Terminal terminal;
  const ::pid_t child = place.start(long_command, "/dev/null", terminal.far_end().c_str());
  CHECK(terminal.read_until(" left").find("simulating: ") != std::string::npos);
  REQUIRE(::kill(child, SIGINT) == 0);
  const std::string rest = terminal.read_until("was interrupted");
  CHECK(rest.find("sotto simulate: the simulation was interrupted") != std::string::npos);
  const Finished finished = place.wait(child);
  CHECK(finished.code == 130);
  CHECK(finished.out.empty());
}
