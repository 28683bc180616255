#include <sotto/present/evaluation_report.hpp>

#include "hostile_text.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <string>

using namespace sotto;

namespace {

std::vector<evaluate::Estimate> estimates(double value) {
  return {{.value = value, .interval = {value - 0.1, value + 0.1}},
          {.value = value + 0.05, .interval = {value - 0.05, value + 0.15}}};
}

evaluate::ArmMetrics arm(std::string name, evaluate::ArmKind kind, double value) {
  return {.name = std::move(name),
          .kind = kind,
          .accuracy = {.hr = estimates(value), .ndcg = estimates(value), .mrr = estimates(value)},
          .popularity = estimates(0.5),
          .coverage = {0.25, 0.5},
          .basket_recall = estimates(value),
          .hit_curve = std::vector<double>(evaluate::hit_curve_length, value)};
}

// The shipped model beside one baseline, at the cut-offs 1 and 10.
present::EvaluationReport example_evaluation() {
  present::EvaluationReport report;
  report.model_file = "models/m.safetensors";
  report.model_fingerprint = 0xabc;
  report.architecture = {.items = 20, .embedding_dim = 4, .hidden_dim = 8, .layers = 1};
  report.training.tool = "sotto 0.1.0";
  report.log.name = test::hostile;
  report.split.kind = "leave-last-out";
  report.split.test_targets = 4;
  report.admission.log_matches_training = true;
  report.admission.notes = {test::hostile};
  report.history_excluded = true;
  report.items = 20;
  report.bootstrap_seed = 3;
  report.command = "sotto evaluate";
  report.html_file = "page.html";
  evaluate::Evaluation& evaluation = report.evaluation;
  evaluation.cutoffs = {1, 10};
  evaluation.main_cutoff = 1;
  evaluation.users = 4;
  evaluation.targets = 4;
  evaluation.baskets = 2;
  evaluation.seconds = 1.5;
  evaluation.target_popularity = {.value = 0.75, .interval = {0.7, 0.8}};
  evaluation.arms = {arm("fixed", evaluate::ArmKind::model, 0.4), arm("popularity", evaluate::ArmKind::baseline, 0.2)};
  evaluation.arms[0].ahead = evaluate::Accuracy{.hr = estimates(0.2), .ndcg = estimates(0.2), .mrr = estimates(0.2)};
  evaluation.best_baseline = 1;
  const evaluate::Estimate no_number{.value = std::numeric_limits<double>::quiet_NaN()};
  for (const unsigned targets : {4U, 0U}) {
    const evaluate::Estimate value = targets > 0 ? evaluate::Estimate{.value = 0.4} : no_number;
    evaluation.slices.push_back({.dimension = "history",
                                 .name = targets > 0 ? "3–5" : "1–2",
                                 .targets = targets,
                                 .hr = {value, value},
                                 .ndcg = {value, value},
                                 .ndcg_ahead = {value, value}});
  }
  return report;
}

}  // namespace

TEST_CASE("an evaluation as JSON has all its fields") {
  const auto json = nlohmann::json::parse(to_json(example_evaluation()).indented_text(), nullptr, false);
  REQUIRE(json.is_object());
  for (const char* field : {"users", "targets", "baskets", "items", "seconds", "bootstrap_seed", "model",
                            "model_fingerprint", "log", "split", "log_matches_training", "trained_on_targets"}) {
    CAPTURE(field);
    CHECK(json.contains(field));
  }
  CHECK(json["history"] == "excluded");
  CHECK(json["best_baseline"] == "popularity");
  CHECK(json["html"] == "page.html");
  CHECK(json["notes"].size() == 2);
  const auto& fixed = json["arms"]["fixed"];
  CHECK(fixed["kind"] == "model");
  CHECK(fixed["hr@1"] == 0.4);
  CHECK(fixed["ndcg@10"] == 0.4 + 0.05);
  CHECK(fixed["intervals"]["mrr@1"] == nlohmann::json{0.4 - 0.1, 0.4 + 0.1});
  CHECK(fixed["difference_to_best_baseline"]["ndcg@1"]["value"] == 0.2);
  CHECK(fixed["coverage"] == nlohmann::json{{"1", 0.25}, {"10", 0.5}});
  CHECK(fixed["popularity_bias"]["10"]["targets"] == 0.75);
  CHECK(fixed["next_basket"]["recall@1"]["value"] == 0.4);
  REQUIRE(fixed["slices"].size() == 2);
  CHECK(fixed["slices"][0]["ndcg@10"] == 0.4);
  CHECK(fixed["slices"][0].contains("difference_to_best_baseline"));
  CHECK(fixed["slices"][1]["ndcg@10"].is_null());
  CHECK_FALSE(json["arms"]["popularity"].contains("difference_to_best_baseline"));
}

TEST_CASE("an evaluation as text marks the best of each column") {
  const std::string text = to_text(example_evaluation());
  CHECK(text.find(": the last event of 4 users, ranked among 20 items in 1.5 s\n") != std::string::npos);
  CHECK(text.find("NDCG@10") != std::string::npos);
  CHECK(text.find("0.4500*[0.3500 0.5500]") != std::string::npos);
  CHECK(text.find("note: the items of a user's history are left out") != std::string::npos);
}

TEST_CASE("an evaluation as a page is self-contained") { test::check_self_contained(to_html(example_evaluation())); }

TEST_CASE("figures with shuffled ties stand beside those in the order of the file, in every form") {
  present::EvaluationReport report = example_evaluation();
  CHECK(to_text(report).find("shuffled") == std::string::npos);
  CHECK_FALSE(nlohmann::json::parse(to_json(report).compact_text()).contains("shuffled_ties"));
  report.shuffled_ties = report.evaluation;
  report.shuffled_ties->arms[0] = arm("fixed", evaluate::ArmKind::model, 0.175);  // at the main cut-off 0.225 of 0.45
  const std::string text = to_text(report);
  CHECK(text.find("events of one second were put in a random order, seed 3") != std::string::npos);
  CHECK(text.find("fixed         0.4500      0.2250    -50.0 %\n") != std::string::npos);
  CHECK(text.find("popularity    0.2500      0.2500     +0.0 %\n") != std::string::npos);
  const auto json = nlohmann::json::parse(to_json(report).compact_text())["shuffled_ties"];
  CHECK(json["seed"] == 3);
  CHECK(json["best_baseline"] == "popularity");
  CHECK(json["arms"]["fixed"]["change"] == (0.175 + 0.05) / (0.4 + 0.05) - 1);
  CHECK(json["arms"]["popularity"]["ndcg@10"] == 0.25);
  const std::string page = to_html(report);
  test::check_self_contained(page);
  CHECK(page.find("Order within a second") != std::string::npos);
}
