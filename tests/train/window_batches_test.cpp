#include "../support/small_logs.hpp"

#include <sotto/train/train.hpp>
#include <sotto/train/window_batches.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <vector>

namespace sotto::train {
namespace {

TEST_CASE("a window ends with its candidate, each target beside a wrong one", "[train]") {
  const auto log = test::make_log({{0, 1, 2, 3, 4, 5}, {5, 4}});
  const data::Split split(log, data::SplitKind::none);
  TrainOptions options = keras_classic();
  options.window = 4;
  options.batch_windows = 6;
  const auto plan = make_plan(split, test::catalogue_of(log), options);
  REQUIRE(plan.ok());
  CHECK(plan->positions == 12);  // six targets, two examples each
  CHECK(plan->steps_per_epoch == 2);
  const std::vector<std::uint64_t> count(6, 1);
  WindowBatches batches(split, training_targets(split), *plan, count, 7);
  batches.begin_epoch(1);
  std::vector<std::uint32_t> wanted;
  for (std::size_t number = 0; number < 2; ++number) {
    batches.fill(number, number);
    CHECK(batches.positions() == 6);
    for (std::size_t shard = 0; shard < plan->shards; ++shard) {
      const ShardStep step = batches.shard(shard);
      REQUIRE(step.steps >= 1);
      REQUIRE(step.steps <= 3);
      REQUIRE(step.candidates == 2);
      for (std::size_t lane = 0; lane < step.lanes; ++lane) {
        CHECK(step.candidate_weight[2 * lane] == 1.0F / 6.0F);
        CHECK(step.candidate_weight[2 * lane + 1] == 1.0F / 6.0F);
        CHECK(step.label[2 * lane] == 1);
        CHECK(step.label[2 * lane + 1] == 0);
        CHECK(step.candidate[2 * lane] != step.candidate[2 * lane + 1]);
        CHECK(step.starts[lane] == 1);
        // This log's users walk up or down by one: so must the candidate and the window before it.
        wanted.push_back(step.candidate[2 * lane]);
        auto here = static_cast<int>(step.candidate[2 * lane]);
        for (std::size_t t = step.steps; t-- > 0;) {
          const auto before = static_cast<int>(step.input[t * step.lanes + lane]);
          CHECK(std::abs(here - before) == 1);
          here = before;
          if (step.starts[t * step.lanes + lane] == 1) break;
        }
      }
    }
  }
  std::ranges::sort(wanted);
  CHECK(wanted == std::vector<std::uint32_t>{1, 2, 3, 4, 4, 5});
}

TEST_CASE("a shard has the steps of its longest history", "[train]") {
  std::vector<std::vector<ItemIndex>> logs;
  for (std::size_t events = 2; events < 40; ++events) logs.emplace_back(events, static_cast<ItemIndex>(events % 5));
  const auto log = test::make_log(logs);
  const data::Split split(log, data::SplitKind::none);
  TrainOptions options = keras_classic();
  options.window = 20;
  options.batch_windows = 64;
  const auto plan = make_plan(split, test::catalogue_of(log), options);
  REQUIRE(plan.ok());
  REQUIRE(plan->shards > 1);
  const std::vector<std::uint64_t> count(plan->architecture.items, 1);
  WindowBatches batches(split, training_targets(split), *plan, count, 7);
  batches.begin_epoch(1);
  for (std::size_t number = 0; number < plan->steps_per_epoch; ++number) {
    batches.fill(number, number);
    std::size_t steps_before = options.window - 1;
    for (std::size_t shard = 0; shard < plan->shards; ++shard) {
      const ShardStep step = batches.shard(shard);
      CHECK(step.steps <= steps_before);
      steps_before = step.steps;
      if (step.candidate_weight[0] == 0 || step.steps == 1) continue;
      bool needs_second_step = false;  // a history that began at the first step goes on at the second
      for (std::size_t lane = 0; lane < step.lanes; ++lane) needs_second_step |= step.starts[step.lanes + lane] == 0;
      CHECK(needs_second_step);
    }
  }
}

TEST_CASE("a binary head learns which of two items comes next", "[train]") {
  // Users go round in one direction.
  std::vector<std::vector<ItemIndex>> logs;
  for (ItemIndex u = 0; u < 40; ++u) {
    std::vector<ItemIndex> items;
    for (ItemIndex e = 0; e < 12; ++e) items.push_back((u + e) % 10);
    logs.push_back(items);
  }
  const auto log = test::make_log(logs);
  TrainOptions options = keras_classic();
  options.hidden_dim = 16;
  options.window = 5;
  options.learning_rate = 0.01F;
  options.max_epochs = 20;
  Progress last;
  TrainHooks hooks;
  hooks.on_progress = [&last](const Progress& progress) { last = progress; };
  const auto model = train(data::Split(log, data::SplitKind::leave_last_out), test::catalogue_of(log), options, hooks);
  REQUIRE(model.ok());
  CHECK(model->info.architecture.head == HeadKind::binary);
  CHECK(model->weights.head.rows == 1);
  CHECK(std::string_view(last.metric) == "accuracy");
  CHECK(last.best_validation > 0.95);
}

}  // namespace
}  // namespace sotto::train
