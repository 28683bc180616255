// A fit of the head's terms tells how far it is, and ends when it is asked to.
#include "../support/small_logs.hpp"
#include "small_network.hpp"

#include <sotto/fit/fit_head_terms.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <atomic>
#include <cstdint>
#include <vector>

namespace sotto::fit {
namespace {

TEST_CASE("a fit's progress ends with all that was planned and the figure that it reached", "[fit]") {
  const auto log = test::walks(200, 12, 40);
  const data::Split split(log, data::SplitKind::leave_last_out);
  train::ThreadPool pool(2);
  std::vector<FitProgress> seen;
  const FitHooks hooks{.on_progress = [&](const FitProgress& progress) { seen.push_back(progress); }};
  const auto found = fit_head_terms(test::small_network(log, split), split, {}, pool, hooks);
  REQUIRE(found.terms);
  REQUIRE_FALSE(seen.empty());
  CHECK(seen.back().stage == FitStage::terms);
  CHECK(seen.back().targets_done == seen.back().targets_planned);
  CHECK(seen.back().best_validation == found.terms->ndcg);
  CHECK(seen.back().eta_seconds == 0);
}

TEST_CASE("a fit that is stopped gives no terms, and made anew gives the same", "[fit]") {
  const auto log = test::walks(300, 12, 40);
  const data::Split split(log, data::SplitKind::leave_last_out);
  const FloatModel model = test::small_network(log, split);
  const HeadTermOptions options{.history_term = true, .count_neighbors = GENERATE(0U, 20U)};
  train::ThreadPool pool(2);
  const auto expected = fit_head_terms(model, split, options, pool);
  REQUIRE(expected.terms);

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
  const auto stopped = fit_head_terms(model, split, options, pool, hooks);
  CHECK_FALSE(stopped.finished);
  CHECK_FALSE(stopped.terms);
  const auto again = fit_head_terms(model, split, options, pool);
  REQUIRE(again.terms);
  CHECK(again.terms->numbers == expected.terms->numbers);
}

}  // namespace
}  // namespace sotto::fit
