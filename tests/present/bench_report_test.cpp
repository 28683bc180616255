#include <sotto/present/bench_report.hpp>

#include "hostile_text.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace sotto;

namespace {

present::BenchReport example_bench() {
  const Kernels* reference = available_kernels().front();
  return {.command_line = "sotto bench " + test::hostile,
          .model_file = test::hostile,
          .architecture = {.items = 20, .embedding_dim = 4, .hidden_dim = 8, .layers = 1},
          .head_bits = 8,
          .model_bytes = 1'250'000,
          .speed = {.tasks = {{.task = measure::Task::event_top10,
                               .tier = reference,
                               .seconds = {.median = 2e-6, .p10 = 1e-6, .p90 = 3e-6},
                               .calls_per_sample = 5,
                               .share_of_floor = 0.5}},
                    .floors = {{.part = measure::WeightPart::all,
                                .tier = reference,
                                .bytes = 1000,
                                .seconds = {.median = 1e-6, .p10 = 1e-6, .p90 = 1e-6}}},
                    .stored_state_bytes = 300,
                    .rounds = 2,
                    .total_seconds = 1}};
}

}  // namespace

TEST_CASE("a measurement as JSON has all its fields") {
  const auto json = nlohmann::json::parse(to_json(example_bench()).indented_text(), nullptr, false);
  REQUIRE(json.is_object());
  CHECK(json["model"] == test::hostile);
  CHECK(json["architecture"]["items"] == 20);
  CHECK(json["head_bits"] == 8);
  CHECK(json["model_bytes"] == 1'250'000);
  CHECK(json["stored_state_bytes"] == 300);
  CHECK(json["rounds"] == 2);
  CHECK(json["seconds"] == 1.0);
  CHECK(json["interrupted"] == false);
  CHECK(json["floor_goal"] == present::floor_goal);
  CHECK(json["rows"][0]["row"] == "event_top10");
  CHECK(json["rows"][0]["tier"] == "reference");
  CHECK(json["rows"][0]["micros"]["median"] == 1e6 * 2e-6);
  CHECK(json["rows"][0]["calls_per_sample"] == 5);
  CHECK(json["rows"][0]["times_as_fast_as_reference"].is_null());
  CHECK(json["rows"][0]["share_of_floor"] == 0.5);
  CHECK(json["floors"][0]["weights"] == "all");
  CHECK(json["floors"][0]["bytes"] == 1000);
  present::BenchReport generated = example_bench();
  generated.model_file.clear();
  CHECK(nlohmann::json::parse(to_json(generated).compact_text())["model"].is_null());
}

TEST_CASE("a measurement as text ends in its verdict") {
  CHECK(present::verdict(example_bench()) ==
        "reference takes one event with its top 10 at 50 % of the floor's speed (goal: 60 %)");
  CHECK(to_text(example_bench()).find(present::verdict(example_bench())) != std::string::npos);
  present::BenchReport four_bits = example_bench();
  four_bits.head_bits = 4;
  CHECK(present::verdict(four_bits).empty());
}

TEST_CASE("a measurement as a page is self-contained") { test::check_self_contained(to_html(example_bench())); }

TEST_CASE("a fixed number of calls as text and as JSON") {
  const present::CallChecks checks{.calls = 30, .rows = {{.row = "event", .tier = "reference", .check = 7}}};
  CHECK(to_text(checks) == "event            reference    check 7\n");
  CHECK(to_json(checks).compact_text() == R"({"calls":30,"rows":[{"row":"event","tier":"reference","check":7}]})");
}
