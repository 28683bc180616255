#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/evaluate/backtest.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <string>
#include <vector>

namespace {

namespace data = sotto::data;
namespace evaluate = sotto::evaluate;
using sotto::ItemIndex;

constexpr ItemIndex items = 40;

// Users who each return to three items of their own, all over the log's time: nothing that a model of all users knows.
data::Interactions habits(std::size_t users, std::size_t events) {
  sotto::Random random(3);
  data::Interactions log;
  log.user_begin.push_back(0);
  for (std::size_t user = 0; user < users; ++user) {
    log.user_ids.push_back("u" + std::to_string(user));
    const ItemIndex first = random.below(items - 3);
    for (std::size_t event = 0; event < events; ++event) {
      log.item.push_back(random.below(8) == 0 ? random.below(items) : first + random.below(3));
      log.timestamp.push_back(static_cast<std::int64_t>(event) * 86'400 + static_cast<std::int64_t>(user));
    }
    log.user_begin.push_back(log.item.size());
  }
  for (ItemIndex item = 0; item < items; ++item) log.item_ids.push_back("i" + std::to_string(item));
  return log;
}

struct World {
  data::Interactions log = habits(30, 160);
  data::Split split{log, data::SplitKind::temporal};
  sotto::Engine engine{sotto::test::random_fixed_model({items, 8, 8, 1, true, false}, 2), 1};
  sotto::Catalogue catalogue;

  World() { catalogue.item_ids = log.item_ids; }

  evaluate::Backtest run(const evaluate::BacktestOptions& options = {}) {
    const auto arms = evaluate::backtest_arms(split, engine, catalogue);
    auto result = evaluate::backtest(split, arms, options, {});
    REQUIRE(result.ok());
    return std::move(*result);
  }
};

}  // namespace

TEST_CASE("learning pays on users with habits, and every arm is there by name", "[evaluate][backtest]") {
  World world;
  const evaluate::Backtest result = world.run();
  CHECK(result.users == 30);
  CHECK(result.targets == world.split.record().test_targets);
  std::vector<std::string> names;
  for (const auto& arm : result.arms) names.push_back(arm.name);
  CHECK(names ==
        std::vector<std::string>{"popularity", "frequency", "sequential_knn", "base", "memory", "head", "personal"});
  const auto ndcg = [&](std::size_t arm) { return result.arms[arm].ndcg.value; };
  CHECK(ndcg(evaluate::personal_arm) > 1.5 * ndcg(evaluate::base_arm));
  CHECK(ndcg(evaluate::base_arm + 1) > 1.3 * ndcg(evaluate::base_arm));
  CHECK(result.arms[evaluate::personal_arm].ndcg_ahead.interval.low > 0);
  CHECK(result.arms[evaluate::base_arm].ndcg_ahead.value == 0);
  CHECK(result.arms[evaluate::personal_arm].bytes_per_user > 1000);
  CHECK(result.arms[evaluate::base_arm].max_bytes == 0);
  // What habits are worth, told by counting them.
  CHECK(ndcg(1) > 1.5 * ndcg(0));

  CHECK(result.differences.helped > 20);
  CHECK(result.differences.helped >= result.differences.helped_notably);
  std::uint64_t users = 0;
  for (const std::uint64_t bar : result.differences.histogram) users += bar;
  CHECK(users == result.users);
  std::uint64_t targets = 0;
  for (const std::uint64_t of_slice : result.targets_by_events_seen) targets += of_slice;
  CHECK(targets == result.targets);
}

TEST_CASE("the result does not depend on the threads", "[evaluate][backtest]") {
  World world;
  const evaluate::Backtest one = world.run({.threads = 1});
  const evaluate::Backtest three = world.run({.threads = 3});
  for (std::size_t arm = 0; arm < one.arms.size(); ++arm) {
    CHECK(one.arms[arm].ndcg.value == three.arms[arm].ndcg.value);
    CHECK(one.arms[arm].mrr.interval.low == three.arms[arm].mrr.interval.low);
    CHECK(one.arms[arm].max_bytes == three.arms[arm].max_bytes);
  }
}

TEST_CASE("items that the model does not know are missed and not learned from", "[evaluate][backtest]") {
  World world;
  for (std::size_t item = 20; item < items; ++item) world.catalogue.item_ids[item] = "other" + std::to_string(item);
  const evaluate::Backtest result = world.run();
  const World whole;
  CHECK(result.targets == whole.split.record().test_targets);
  CHECK(result.arms[evaluate::personal_arm].hr.value < 0.9);
  CHECK(result.arms[evaluate::personal_arm].hr.value > 0);
}

TEST_CASE("a backtest stops when asked to, and refuses to replay nothing", "[evaluate][backtest]") {
  World world;
  const auto arms = evaluate::backtest_arms(world.split, world.engine, world.catalogue);
  const std::atomic<bool> stop{true};
  CHECK(evaluate::backtest(world.split, arms, {.stop = &stop}, {}).error().code == sotto::ErrorCode::interrupted);
  const data::Split none(world.log, data::SplitKind::none);
  CHECK(evaluate::backtest(none, arms, {}, {}).error().code == sotto::ErrorCode::invalid_argument);
}
