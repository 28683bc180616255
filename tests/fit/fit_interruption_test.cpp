// A fit of the head's terms tells how far it is, and ends when it is asked to.
#include "../support/small_logs.hpp"

#include <sotto/base/hash.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/fit/model_parts.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/train/train.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <atomic>
#include <cstdint>
#include <vector>

namespace sotto::fit {
namespace {

FloatModel network(const data::Interactions& log, const data::Split& split) {
  train::TrainOptions options;
  options.embedding_dim = options.hidden_dim = 4;
  options.max_epochs = 1;
  auto model = train::train(split, test::catalogue_of(log), options, {});
  REQUIRE(model.ok());
  return *std::move(model);
}

std::uint64_t fingerprint(const FloatModel& model) { return xxh64(serialize(model)); }

TEST_CASE("a fit's progress ends with all that was planned and the figure that it reached", "[fit]") {
  const auto log = test::walks(200, 12, 40);
  const data::Split split(log, data::SplitKind::leave_last_out);
  FloatModel model = network(log, split);
  model.weights.history.emplace();
  train::ThreadPool pool(2);
  std::vector<FitProgress> seen;
  const FitHooks hooks{.on_progress = [&](const FitProgress& progress) { seen.push_back(progress); }};
  const auto ndcg = fit_head_terms(model, split, pool, hooks);
  REQUIRE(ndcg.has_value());
  REQUIRE_FALSE(seen.empty());
  CHECK(seen.back().stage == FitStage::terms);
  CHECK(seen.back().targets_done == seen.back().targets_planned);
  CHECK(seen.back().best_validation == *ndcg);
  CHECK(seen.back().eta_seconds == 0);
}

TEST_CASE("a fit that is stopped leaves the model as it was, and made anew gives the same terms", "[fit]") {
  const auto log = test::walks(300, 12, 40);
  const data::Split split(log, data::SplitKind::leave_last_out);
  const FloatModel before = network(log, split);
  const HeadTermOptions options{.history_term = true, .count_neighbors = GENERATE(0U, 20U)};
  train::ThreadPool pool(2);
  FloatModel expected = before;
  REQUIRE(add_head_terms(expected, split, options, pool));

  FloatModel model = before;
  std::atomic<bool> stop = false;
  FitHooks hooks;
  hooks.stop = &stop;
  const auto stop_in = [&](FitStage stage) {
    hooks.on_progress = [&stop, stage](const FitProgress& progress) {
      if (progress.stage == stage) stop = true;
    };
  };
  SECTION("before it begins") { stop = true; }
  SECTION("in the histories") { stop_in(FitStage::histories); }
  SECTION("in the fit") { stop_in(FitStage::terms); }
  CHECK_FALSE(add_head_terms(model, split, options, pool, hooks));
  CHECK(fingerprint(model) == fingerprint(before));
  REQUIRE(add_head_terms(model, split, options, pool));
  CHECK(fingerprint(model) == fingerprint(expected));
}

TEST_CASE("the fit of the counts alone tells how far it is, and gives nothing when it is stopped", "[fit]") {
  const auto log = test::walks(200, 12, 40);
  const data::Split split(log, data::SplitKind::leave_last_out);
  FloatModel model = network(log, split);
  model.weights.history.emplace();
  train::ThreadPool pool(2);
  FitProgress last;
  std::atomic<bool> stop = false;
  FitHooks hooks{.on_progress = [&](const FitProgress& progress) { last = progress; }, .stop = &stop};
  CHECK(counts_alone(model, split, pool, hooks).has_value());
  CHECK(last.stage == FitStage::terms);
  CHECK(last.targets_done == last.targets_planned);

  hooks.on_progress = [&](const FitProgress& progress) { stop = progress.stage == FitStage::terms; };
  CHECK_FALSE(counts_alone(model, split, pool, hooks).has_value());
}

}  // namespace
}  // namespace sotto::fit
