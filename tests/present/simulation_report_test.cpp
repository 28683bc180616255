#include <sotto/present/simulation_report.hpp>

#include "hostile_text.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <string>

using namespace sotto;

namespace {

simulate::ArmResult example_arm(const std::string& name, double percent) {
  return {.name = name,
          .ndcg = {.value = 0.2 * (1 + percent / 100), .interval = {0.1, 0.4}},
          .new_ndcg = {.value = 0.15, .interval = {0.1, 0.2}},
          .ahead = {.value = percent, .interval = {percent - 2, percent + 2}},
          .ahead_by_seed = {percent - 1, percent + 1}};
}

present::SimulationReport example_simulation() {
  present::SimulationReport report;
  report.models = {{"m.safetensors", 0xabc}};
  report.architecture = {.items = 20, .embedding_dim = 4, .hidden_dim = 8, .layers = 1};
  report.training.tool = "sotto 0.1.0";
  report.log.name = test::hostile;
  report.admission.notes = {test::hostile};
  report.command = "sotto simulate";
  report.html_file = "page.html";
  report.seconds = 1.5;
  simulate::Simulation& simulation = report.simulation;
  simulation.noisy_arm = "trend_z8";
  simulation.bases = 1;
  simulation.users = 4;
  simulation.targets = 10;
  simulation.new_targets = 2;
  simulation.devices = 5;
  simulation.events = 30;
  simulation.unknown_events = 3;
  simulation.items = 20;
  simulation.new_items = 2;
  simulation.slots = 21;
  for (const char* name : {"daily", "weekly"}) {
    simulate::RoundsResult& rounds = simulation.by_rounds.emplace_back();
    rounds.name = name;
    rounds.days = 1;
    rounds.median_devices = 7;
    for (const char* arm : {"base", "personal", "trend", "trend_z8"}) {
      rounds.arms.push_back(example_arm(arm, rounds.arms.size() < 2 ? 0 : 40));
    }
    rounds.batches.push_back({.reports = 500, .arm = example_arm("trend_z8", 0.5)});
    rounds.batches.push_back({.reports = 5000, .arm = example_arm("trend_z8", 40)});
    const double none = std::numeric_limits<double>::quiet_NaN();
    rounds.rounds.push_back({.begins = 0,
                             .warm_up = true,
                             .devices = 5,
                             .targets = 4,
                             .new_targets = 0,
                             .ndcg = {0.1, 0.1, 0.1, 0.1},
                             .new_ndcg = {none, none, none, none},
                             .prior = 0,
                             .gain = 0});
    rounds.rounds.push_back({.begins = 1,
                             .warm_up = false,
                             .devices = 5,
                             .targets = 10,
                             .new_targets = 2,
                             .ndcg = {0.2, 0.2, 0.28, 0.28},
                             .new_ndcg = {0, 0, 0.3, 0.3},
                             .prior = 0.9,
                             .gain = 0.4});
  }
  simulation.worth = {.reports = 5000, .rounds = 1};
  return report;
}

}  // namespace

TEST_CASE("a simulation as JSON has all its fields") {
  const auto json = nlohmann::json::parse(to_json(example_simulation()).indented_text(), nullptr, false);
  REQUIRE(json.is_object());
  CHECK(json["worth_it"] == true);
  CHECK(json["devices"] == 5000);
  CHECK(json["noise"] == 8.0);
  CHECK(json["reports_in_batch"] == 5000);
  CHECK(json["noise_seeds"] == 3);
  CHECK(json["rounds"] == "daily");
  CHECK(json["log"]["name"] == test::hostile);
  CHECK(json["notes"][0] == test::hostile);
  CHECK(json["models"][0]["model"] == "m.safetensors");
  CHECK(json["models"][0]["model_fingerprint"] == "0000000000000abc");
  CHECK(json["simulated_devices"] == 5);
  CHECK(json["events"] == 30);
  CHECK(json["unknown_events"] == 3);
  CHECK(json["new_targets"] == 2);
  CHECK(json["slots"] == 21);
  CHECK(json["arms"].size() == 4);
  const auto& arm = json["arms"]["trend_z8"];
  CHECK(arm["new_items_ndcg@10"] == 0.15);
  CHECK(arm["ahead"]["percent"] == 40);
  CHECK(arm["ahead"]["interval"] == nlohmann::json{38.0, 42.0});
  CHECK(arm["ahead_by_seed"] == nlohmann::json{39.0, 41.0});
  const auto& weekly = json["by_rounds"]["weekly"];
  CHECK(weekly["median_devices"] == 7);
  CHECK(weekly["by_devices"][0]["worth_it"] == false);
  CHECK(weekly["by_devices"][1]["devices"] == 5000);
  CHECK(weekly["rounds"][1]["new_items_ndcg@10"]["trend"] == 0.3);
  CHECK(weekly["rounds"][0]["new_items_ndcg@10"]["trend"].is_null());
}

TEST_CASE("a simulation's answer says whether sync is worth it, and from where on") {
  present::SimulationReport report = example_simulation();
  CHECK(answer(report).find("worth it here from 5,000 devices in a round on: with weekly rounds") != std::string::npos);
  const std::string text = to_text(report);
  CHECK(text.find(answer(report)) != std::string::npos);
  CHECK(text.find("3 events are on items that the model does not have") != std::string::npos);
  CHECK(text.find("report: page.html\n") != std::string::npos);

  report.simulation.worth.reset();
  CHECK(answer(report).starts_with("Private sync is not worth it here."));
  const auto json = nlohmann::json::parse(to_json(report).indented_text(), nullptr, false);
  CHECK(json["worth_it"] == false);
  CHECK(json["devices"].is_null());

  for (simulate::RoundsResult& rounds : report.simulation.by_rounds) rounds.batches.clear();
  CHECK(answer(report) == "The arm trend_z8 was not simulated, so that there is no answer.");
}

TEST_CASE("a simulation as a page is self-contained") { test::check_self_contained(to_html(example_simulation())); }
