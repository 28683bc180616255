#include <sotto/measure/engine_speed.hpp>
#include <sotto/measure/generated_model.hpp>
#include <sotto/measure/workbench.hpp>
#include <sotto/model/model_file.hpp>

#include "../support/random_model.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <utility>

using namespace sotto;
using namespace sotto::measure;

namespace {

constexpr Architecture small{.items = 40, .embedding_dim = 6, .hidden_dim = 20, .layers = 2};
constexpr Architecture binary{.items = 40, .embedding_dim = 6, .hidden_dim = 20, .layers = 2, .head = HeadKind::binary};

SpeedPlan plan_of_everything() {
  SpeedPlan plan{.tiers = {available_kernels().begin(), available_kernels().end()},
                 .tasks = {},
                 .limits = {.rounds = 2, .seconds = 60}};
  for (const TaskDescription& description : task_descriptions) plan.tasks.push_back(description.task);
  return plan;
}

bool never(const RoundProgress&) { return false; }

}  // namespace

TEST_CASE("every task gives the same results in every tier") {
  const FixedModel models[] = {generated_model(small, 1), generated_model(small, 1, 4),
                               test::random_fixed_model(binary, 1)};
  for (const FixedModel& model : models) {
    const auto file = serialize(model);
    for (const TaskDescription& description : task_descriptions) {
      std::vector<std::vector<std::uint32_t>> results;
      for (const Kernels* tier : available_kernels()) {
        auto bench = Workbench::open(file, *tier, 5);
        REQUIRE(bench.ok());
        (*bench)->prepare(description.task);
        auto& of_tier = results.emplace_back();
        for (int call = 0; call < 120; ++call) of_tier.push_back((*bench)->run(description.task));
      }
      CAPTURE(description.name);
      for (const auto& of_tier : results) CHECK(of_tier == results.front());
    }
  }
}

TEST_CASE("a measurement has a row for each task and tier, and a floor where weights are the work") {
  const auto file = serialize(generated_model(small, 1));
  const SpeedPlan plan = plan_of_everything();
  const auto speed = measure_engine(file, plan, steady_seconds, never);
  REQUIRE(speed.ok());
  CHECK(speed->rounds == 2);
  CHECK(!speed->stopped);
  REQUIRE(speed->tasks.size() == task_descriptions.size() * plan.tiers.size());
  for (std::size_t i = 0; i < speed->tasks.size(); ++i) {
    const TaskSpeed& row = speed->tasks[i];
    CHECK(row.task == task_descriptions[i / plan.tiers.size()].task);
    CHECK(row.tier == plan.tiers[i % plan.tiers.size()]);
    CHECK(row.seconds.median > 0);
    CHECK(row.times_as_fast_as_reference.has_value());
    if (row.tier == &reference_kernels()) CHECK(*row.times_as_fast_as_reference == 1);
    CHECK(row.share_of_floor.has_value() == describe(row.task).floor.has_value());
  }
  REQUIRE(speed->floors.size() == 3 * plan.tiers.size());
  // Rows of 6 and 20 columns are padded to 16 and 32.
  constexpr std::size_t lstm_bytes = std::size_t{80} * (16 + 32 + 32 + 32);
  constexpr std::size_t head_bytes = std::size_t{40} * 32;
  for (const FloorSpeed& floor : speed->floors) {
    CHECK(floor.seconds.median > 0);
    CHECK(floor.bytes == (floor.part == WeightPart::lstm   ? lstm_bytes
                          : floor.part == WeightPart::head ? head_bytes
                                                           : lstm_bytes + head_bytes));
  }
}

TEST_CASE("a binary head has a floor for the LSTM alone") {
  const auto file = serialize(test::random_fixed_model(binary, 1));
  const auto speed = measure_engine(file, plan_of_everything(), steady_seconds, never);
  REQUIRE(speed.ok());
  for (const FloorSpeed& floor : speed->floors) CHECK(floor.part == WeightPart::lstm);
}

TEST_CASE("bytes that are no model and a stop before the first figures are errors") {
  CHECK(measure_engine({}, plan_of_everything(), steady_seconds, never).error().code == ErrorCode::truncated);
  const auto stopped = measure_engine(serialize(generated_model(small, 1)), plan_of_everything(), steady_seconds,
                                      [](const RoundProgress&) { return true; });
  REQUIRE(!stopped.ok());
  CHECK(stopped.error().code == ErrorCode::interrupted);
}
