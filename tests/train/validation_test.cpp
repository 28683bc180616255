// The epoch is chosen by what 'sotto evaluate' measures.
#include "../support/small_logs.hpp"

#include <sotto/data/split.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/train/train.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace sotto::train {
namespace {

// The same walks, in which a user meets an item only at the first time.
data::Interactions walks_without_repeats(std::size_t users, std::size_t length, ItemIndex items) {
  std::vector<std::vector<ItemIndex>> logs;
  for (std::uint64_t user = 0; user < users; ++user) {
    std::vector<ItemIndex> walk;
    for (const ItemIndex item : test::random_walk(length, items, user + 1)) {
      if (std::ranges::find(walk, item) == walk.end()) walk.push_back(item);
    }
    logs.push_back(std::move(walk));
  }
  return test::make_log(logs);
}

double evaluated(const FloatModel& model, const data::Split& split, bool exclude_history) {
  std::vector<evaluate::Arm> arms;
  arms.push_back(
      evaluate::model_arm("float", evaluate::make_float_ranker(model.weights), model.info.catalogue, split.log()));
  const evaluate::EvaluateOptions options{
      .target = evaluate::Target::validation, .cutoffs = {10}, .exclude_history = exclude_history, .threads = 1};
  const auto evaluation = evaluate::evaluate(split, arms, options, {});
  REQUIRE(evaluation);
  return evaluation->arms[0].accuracy.ndcg[0].value;
}

// Trains on the log and compares the kept epoch's figure with what evaluate says of the kept weights.
void compare(const data::Interactions& log, bool never_repeats) {
  const data::Split split(log, data::SplitKind::leave_last_out);
  REQUIRE(data::history_never_repeats(split) == never_repeats);
  TrainOptions options;
  options.embedding_dim = options.hidden_dim = 8;
  options.max_epochs = 2;
  double best = 0;
  TrainHooks hooks;
  hooks.on_progress = [&](const Progress& progress) { best = progress.best_validation; };
  const auto model = train(split, test::catalogue_of(log), options, hooks);
  REQUIRE(model);
  CHECK(evaluated(*model, split, never_repeats) == Catch::Approx(best));
  CHECK(evaluated(*model, split, !never_repeats) != Catch::Approx(best));
}

}  // namespace

TEST_CASE("where items repeat, the epoch is chosen with the items of the history in the ranking", "[train]") {
  compare(test::walks(60, 30, 40), false);
}

TEST_CASE("where no item repeats, the epoch is chosen without the items of the history", "[train]") {
  compare(walks_without_repeats(60, 30, 40), true);
}

}  // namespace sotto::train
