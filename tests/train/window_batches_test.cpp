#include "small_logs.hpp"

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
      REQUIRE(step.steps == 3);
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
        for (std::size_t t = 3; t-- > 0;) {
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
