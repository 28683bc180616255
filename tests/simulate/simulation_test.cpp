#include "small_world.hpp"

#include <sotto/simulate/simulation.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>
#include <vector>

namespace {

namespace data = sotto::data;
namespace simulate = sotto::simulate;
using sotto::test::SmallWorld;

// The devices of the small log are few, so that their counts are scaled.
simulate::SimulationOptions quick_options() {
  simulate::SimulationOptions options;
  options.round_days = {1, 4};
  options.noise_seeds = 2;
  options.batches = {10, 5000};
  return options;
}

simulate::Replay replay(const SmallWorld& world, const simulate::SimulationOptions& options) {
  auto replayed = simulate::replay(world.split, world.engine, world.catalogue, options, {});
  REQUIRE(replayed.ok());
  return std::move(*replayed);
}

simulate::Simulation simulate_all(const SmallWorld& world, const simulate::SimulationOptions& options) {
  const std::vector<simulate::Replay> replays{replay(world, options)};
  return simulate::summarize(replays, options);
}

const simulate::ArmResult& arm(const simulate::Simulation& simulation, const std::string& name,
                               std::size_t rounds = 0) {
  const auto& arms = simulation.by_rounds[rounds].arms;
  const auto found = std::ranges::find(arms, name, &simulate::ArmResult::name);
  REQUIRE(found != arms.end());
  return *found;
}

}  // namespace

TEST_CASE("a trend is worth much where the catalogue drifts, also for new items") {
  const SmallWorld world(true);
  const simulate::Simulation result = simulate_all(world, quick_options());
  CHECK(result.targets == world.split.record().test_targets);
  CHECK(result.new_targets > result.targets / 5);
  CHECK(result.new_items == 10);
  CHECK(result.slots == 61);
  CHECK(result.unknown_events == 0);
  CHECK(result.bases == 1);
  for (const char* name : {"trend", "trend_z4", "trend_z8", "counts"}) {
    CAPTURE(name);
    CHECK(arm(result, name).ahead.interval.low > 20);
    CHECK(arm(result, name).new_ndcg.value > 0.2);
  }
  CHECK(arm(result, "personal").ahead.value == 0);
  CHECK(arm(result, "trend").ndcg.value > arm(result, "trend_z8").ndcg.value - 0.01);
  CHECK(arm(result, "trend_z8").ahead_by_seed.size() == 2);
  // What learns from gradients follows the drift as well.
  CHECK(arm(result, "federated_head").ahead.value > 10);
  CHECK(arm(result, "central").ahead.value > 1);
  CHECK(arm(result, "adapter").ahead.interval.low > 20);

  // A few reports drown in the noise.
  REQUIRE(result.by_rounds[0].batches.size() == 2);
  CHECK_FALSE(result.by_rounds[0].batches[0].worth_it());
  CHECK(result.by_rounds[0].batches[1].worth_it());
  REQUIRE(result.worth.has_value());
  CHECK(result.worth->reports == 5000);

  const auto& rounds = result.by_rounds[0].rounds;
  CHECK(result.by_rounds[0].median_devices == 100);
  CHECK(rounds.front().warm_up);
  CHECK_FALSE(rounds.back().warm_up);
  CHECK(rounds.front().prior == 0);
  CHECK(rounds.back().prior > 0.5);
  CHECK(rounds.back().gain > 0.5);
  // Half as many devices report twice as often.
  CHECK(result.by_rounds[1].rounds.size() < rounds.size());
}

TEST_CASE("a trend does no harm where the catalogue does not drift") {
  const SmallWorld world(false);
  simulate::SimulationOptions options = quick_options();
  options.arms = {"trend_z8", "trend"};
  options.batches = {500, 5000, 20'000};
  const simulate::Simulation result = simulate_all(world, options);
  for (std::size_t rounds = 0; rounds < 2; ++rounds) {
    CHECK(std::abs(arm(result, "trend_z8", rounds).ahead.value) < 0.3);
    for (const simulate::BatchResult& batch : result.by_rounds[rounds].batches) CHECK_FALSE(batch.worth_it());
  }
  CHECK_FALSE(result.worth.has_value());
  CHECK(result.by_rounds[0].arms.size() == 4);
  CHECK(result.new_targets == 0);
  CHECK(std::isnan(arm(result, "base").new_ndcg.value));
}

TEST_CASE("a simulation does not depend on the threads") {
  const SmallWorld world(true, 60);
  simulate::SimulationOptions options = quick_options();
  options.threads = 1;
  const simulate::Replay one = replay(world, options);
  options.threads = 3;
  const simulate::Replay three = replay(world, options);
  CHECK(one.sums == three.sums);
  REQUIRE(one.rounds[0].size() == three.rounds[0].size());
  for (std::size_t round = 0; round < one.rounds[0].size(); ++round) {
    CHECK(one.rounds[0][round].sums == three.rounds[0][round].sums);
  }
}

TEST_CASE("the seeds of the noise decide the noisy arms alone") {
  const SmallWorld world(true, 60);
  simulate::SimulationOptions options = quick_options();
  options.arms = {"trend_z8", "trend"};
  options.reports_in_batch = 500;
  options.noise_seeds = 3;
  const simulate::Simulation result = simulate_all(world, options);
  const auto& by_seed = arm(result, "trend_z8").ahead_by_seed;
  REQUIRE(by_seed.size() == 3);
  CHECK((by_seed[0] != by_seed[1] || by_seed[1] != by_seed[2]));
  CHECK(arm(result, "trend").ahead_by_seed.size() == 1);
}

TEST_CASE("only what is asked for is simulated") {
  const SmallWorld world(true, 20);
  simulate::SimulationOptions options = quick_options();
  options.arms = {"counts"};
  options.every_nth_user = 2;
  const simulate::Simulation result = simulate_all(world, options);
  CHECK(result.devices == 10);
  CHECK(result.targets == world.split.record().test_targets / 2);
  std::vector<std::string> names;
  for (const simulate::ArmResult& one : result.by_rounds[0].arms) names.push_back(one.name);
  CHECK(names == std::vector<std::string>{"base", "personal", "counts"});
  CHECK(result.by_rounds[0].batches.empty());
  CHECK_FALSE(result.worth.has_value());
}

TEST_CASE("several bases give their mean") {
  const SmallWorld world(true, 40);
  const sotto::FixedModel other = sotto::test::popularity_model(world.split, 5);
  const sotto::Engine other_engine(other, 2);
  simulate::SimulationOptions options = quick_options();
  options.arms = {"trend_z8"};
  std::vector<simulate::Replay> replays{replay(world, options)};
  auto second = simulate::replay(world.split, other_engine, world.catalogue, options, {});
  REQUIRE(second.ok());
  replays.push_back(std::move(*second));
  const simulate::Simulation both = simulate::summarize(replays, options);
  CHECK(both.bases == 2);
  CHECK(arm(both, "trend_z8").ahead_by_seed.size() == 4);
  const double first = simulate::summarize(std::span(replays).first(1), options).by_rounds[0].arms[2].ndcg.value;
  const double last = simulate::summarize(std::span(replays).last(1), options).by_rounds[0].arms[2].ndcg.value;
  CHECK(std::abs(arm(both, "trend_z8").ndcg.value - (first + last) / 2) < 1e-12);
}

TEST_CASE("items that the model does not know are misses in all arms") {
  SmallWorld world(true, 40);
  for (std::size_t item = sotto::test::first_new_item; item < world.catalogue.item_ids.size(); ++item) {
    world.catalogue.item_ids[item] = "other" + std::to_string(item);
  }
  simulate::SimulationOptions options = quick_options();
  options.arms = {"trend_z8"};
  const simulate::Simulation result = simulate_all(world, options);
  CHECK(result.unknown_events > 50);
  CHECK(result.targets == world.split.record().test_targets);
  CHECK(result.new_targets > 0);
  CHECK(arm(result, "trend_z8").new_ndcg.value == 0);
}

TEST_CASE("a simulation stops when asked to, and refuses to simulate nothing") {
  const SmallWorld world(true, 20);
  simulate::SimulationOptions options = quick_options();
  const std::atomic<bool> before{true};
  options.stop = &before;
  CHECK(simulate::replay(world.split, world.engine, world.catalogue, options, {}).error().code ==
        sotto::ErrorCode::interrupted);
  std::atomic<bool> later{false};
  options.stop = &later;
  std::size_t last = 0;
  const auto stopped =
      simulate::replay(world.split, world.engine, world.catalogue, options, [&](std::size_t done, std::size_t events) {
        last = done;
        if (done > events / 3) later = true;
      });
  REQUIRE_FALSE(stopped.ok());
  CHECK(stopped.error().code == sotto::ErrorCode::interrupted);
  CHECK(last > 0);

  options.stop = nullptr;
  const data::Split none(world.log, data::SplitKind::none);
  CHECK(simulate::replay(none, world.engine, world.catalogue, options, {}).error().code ==
        sotto::ErrorCode::invalid_argument);
}
