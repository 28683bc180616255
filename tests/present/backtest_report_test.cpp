#include <sotto/present/backtest_report.hpp>

#include "hostile_text.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <string>

using namespace sotto;

namespace {

present::BacktestReport example_backtest() {
  present::BacktestReport report;
  report.model_file = "m.safetensors";
  report.model_fingerprint = 0xabc;
  report.architecture = {.items = 20, .embedding_dim = 4, .hidden_dim = 8, .layers = 1};
  report.training.tool = "sotto 0.1.0";
  report.training.settings = R"({"window": 64})";
  report.log.name = test::hostile;
  report.admission.notes = {test::hostile};
  report.items = 20;
  report.bootstrap_seed = 3;
  report.command = "sotto backtest";
  report.html_file = "page.html";
  evaluate::Backtest& backtest = report.backtest;
  backtest.users = 4;
  backtest.targets = 9;
  backtest.seconds = 1.5;
  backtest.differences = {.users = 4, .helped = 2, .harmed = 1, .helped_notably = 1, .harmed_notably = 0};
  backtest.targets_by_events_seen[0] = 9;
  for (const char* name : {"popularity", "frequency", "sequential_knn", "base", "memory", "head", "personal"}) {
    evaluate::BacktestArmResult& arm = backtest.arms.emplace_back();
    arm.name = name;
    arm.ndcg = {.value = arm.name == "personal" ? 0.3 : 0.2, .interval = {0.1, 0.4}};
    arm.ndcg_by_events_seen.fill({.value = std::numeric_limits<double>::quiet_NaN()});
    arm.ndcg_by_events_seen[0] = arm.ndcg;
    arm.us_per_event = 7;
    arm.bytes_per_user = 2048;
  }
  return report;
}

}  // namespace

TEST_CASE("a backtest as JSON has all its fields") {
  const auto json = nlohmann::json::parse(to_json(example_backtest()).indented_text(), nullptr, false);
  REQUIRE(json.is_object());
  CHECK(json["model"] == "m.safetensors");
  CHECK(json["model_fingerprint"] == "0000000000000abc");
  CHECK(json["architecture"]["items"] == 20);
  CHECK(json["training"]["settings"]["window"] == 64);
  CHECK(json["log"]["name"] == test::hostile);
  CHECK(json["history_excluded"] == false);
  CHECK(json["items"] == 20);
  CHECK(json["users"] == 4);
  CHECK(json["targets"] == 9);
  CHECK(json["helped"] == 0.5);
  CHECK(json["harmed"] == 0.25);
  CHECK(json["helped_by_more_than_0.02"] == 0.25);
  CHECK(json["harmed_by_more_than_0.02"] == 0.0);
  CHECK(json["us_per_event"] == 7);
  CHECK(json["bytes_per_user"] == 2048);
  CHECK(json["bootstrap_seed"] == 3);
  CHECK(json["notes"][0] == test::hostile);
  CHECK(json["seconds"] == 1.5);
  CHECK(json["arms"].size() == 7);
  const auto& personal = json["arms"]["personal"];
  CHECK(personal["ndcg@10"] == 0.3);
  CHECK(personal["intervals"]["ndcg@10"] == nlohmann::json{0.1, 0.4});
  CHECK(personal["difference_to_base"].contains("ndcg@10"));
  // Slices without targets are left out.
  REQUIRE(personal["by_events_seen"].size() == 1);
  CHECK(personal["by_events_seen"][0]["targets"] == 9);
  CHECK(personal["by_events_seen"][0]["ndcg@10"] == 0.3);
}

TEST_CASE("an arm is compared with the base") {
  CHECK(present::ahead_in_words(example_backtest().backtest, evaluate::personal_arm) == "+50.0 %");
  const std::string text = to_text(example_backtest());
  CHECK(text.find("\npersonal ") != std::string::npos);
  CHECK(text.find("50.0 % helped, 25.0 % harmed") != std::string::npos);
  CHECK(text.find("report: page.html\n") != std::string::npos);
}

TEST_CASE("a backtest as a page is self-contained") { test::check_self_contained(to_html(example_backtest())); }
