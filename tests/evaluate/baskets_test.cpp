#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/baskets.hpp>
#include <sotto/evaluate/evaluate.hpp>

#include "toy_log.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace sotto;
using Catch::Approx;
using data::Split;
using data::SplitKind;
using sotto::test::toy_log;

namespace {

// 20 events. Under the temporal split the two at 9 are the test, a of the first user and b of the second; the three
// at 8, c b c of the first user, are validation.
data::Interactions log_with_baskets() {
  auto log = toy_log({"aaaaabcbca", "aaaaaaaaab"});
  log.timestamp = {0, 1, 2, 3, 4, 5, 8, 8, 8, 9, 0, 1, 2, 3, 4, 5, 6, 6, 7, 9};
  return log;
}

}  // namespace

TEST_CASE("a basket is what a user has at one time, and is held out whole") {
  const auto log = log_with_baskets();
  const Split split(log, SplitKind::none);
  const std::vector<data::Target> targets = {{0, 6}, {0, 7}, {0, 8}, {0, 9}, {1, 7}, {1, 9}};
  const auto baskets = evaluate::find_baskets(split, targets);
  REQUIRE(baskets.size() == 3);  // not the second user's event 7: its basket began before
  CHECK((baskets[0].begin == 0 && baskets[0].end == 3));
  CHECK((baskets[1].begin == 3 && baskets[1].end == 4));
  CHECK((baskets[2].begin == 5 && baskets[2].end == 6));
  CHECK(evaluate::items_of_basket(split, targets, baskets[0]) == std::vector<ItemIndex>{1, 2});
}

TEST_CASE("recall counts the distinct items of a basket in the list made before it") {
  const auto log = log_with_baskets();
  const Split split(log, SplitKind::temporal);
  REQUIRE(split.record().test_targets == 2);  // at 9: one event for each user, so that all baskets are single
  const auto arms = evaluate::baseline_arms(split, split, false);
  const auto single = evaluate::evaluate(split, arms, {.cutoffs = {1}}, {});
  REQUIRE(single.ok());
  CHECK(single->baskets == 0);
  CHECK(single->arms[0].basket_recall.empty());

  // The validation targets are c b c at 8: popularity's list is a, b, then c, which never trained.
  const auto whole =
      evaluate::evaluate(split, arms, {.target = evaluate::Target::validation, .cutoffs = {1, 2, 3}}, {});
  REQUIRE(whole.ok());
  REQUIRE(whole->baskets == 1);
  CHECK(whole->arms[0].basket_recall[0].value == 0);
  CHECK(whole->arms[0].basket_recall[1].value == Approx(0.5));
  CHECK(whole->arms[0].basket_recall[2].value == 1);
}
