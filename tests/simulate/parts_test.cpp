// The parts of a simulation, each alone.
#include "small_world.hpp"

#include <sotto/evaluate/metrics.hpp>
#include <sotto/simulate/central_head.hpp>
#include <sotto/simulate/expected_shares.hpp>
#include <sotto/simulate/federated_head.hpp>
#include <sotto/simulate/live_log.hpp>
#include <sotto/simulate/rank.hpp>
#include <sotto/simulate/seeded_entropy.hpp>
#include <sotto/simulate/shared_adapter.hpp>
#include <sotto/simulate/slots.hpp>
#include <sotto/simulate/tracks.hpp>
#include <sotto/simulate/trend_line.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace {

namespace simulate = sotto::simulate;
using sotto::ItemIndex;
using sotto::test::SmallWorld;

}  // namespace

TEST_CASE("slots go to new items first, then to those chosen most") {
  const std::array<std::uint64_t, 6> counts{5, 0, 9, 1, 0, 5};
  const simulate::Slots slots(counts, 5);
  REQUIRE(slots.size() == 5);
  CHECK(slots.item_of(1) == 0);
  CHECK(slots.item_of(2) == 1);
  CHECK(slots.item_of(3) == 2);
  CHECK(slots.item_of(4) == 4);
  CHECK(slots.is_new() == std::vector<bool>{false, false, true, false, true});
  const std::array<double, 6> values{1, 2, 4, 8, 16, 32};
  CHECK(slots.by_slot(std::span<const double>(values)) == std::vector<double>{40, 1, 2, 4, 16});
  CHECK(simulate::Slots(counts, 100).size() == 7);
}

TEST_CASE("ranks equal those of the evaluation") {
  sotto::Random random(4);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::int32_t> scores(30);
    for (auto& score : scores) score = static_cast<std::int32_t>(random.below(12));
    const ItemIndex target = random.below(30);
    std::vector<ItemIndex> excluded;
    for (ItemIndex item = 0; item < 30; ++item) {
      if (item != target && random.below(3) == 0) excluded.push_back(item);
    }
    std::vector<double> expected(scores.begin(), scores.end());
    for (const ItemIndex item : excluded) expected[item] = -std::numeric_limits<double>::infinity();
    CHECK(simulate::rank_of(target, scores, excluded) == sotto::evaluate::pessimistic_rank(expected, target));
  }
}

TEST_CASE("seeded bytes are the same again, and differ between seeds") {
  std::array<std::byte, 21> first{};
  std::array<std::byte, 21> again{};
  std::array<std::byte, 21> other{};
  CHECK(simulate::SeededEntropy(7).fill(first).ok());
  CHECK(simulate::SeededEntropy(7).fill(again).ok());
  CHECK(simulate::SeededEntropy(8).fill(other).ok());
  CHECK(first == again);
  CHECK(first != other);
}

TEST_CASE("the live log has all events after training") {
  const SmallWorld world(true, 30);
  const simulate::LiveLog live(world.split, world.catalogue, 1);
  std::size_t events = 0;
  for (std::size_t user = 0; user < world.log.users(); ++user) {
    events += world.log.items_of(user).size() - world.split.training_items(user).size();
  }
  CHECK(live.events() == events);
  CHECK(live.users().size() == 30);
  CHECK(live.first_time() < live.counting_begins());
  CHECK(live.training_counts()[0] > 0);
  CHECK(live.training_counts()[sotto::test::first_new_item] == 0);
  const simulate::LiveLog third(world.split, world.catalogue, 3);
  CHECK(third.users().size() == 10);
  CHECK(third.users()[1].user == 3);
}

TEST_CASE("what the base expects is its mean probability") {
  const SmallWorld world(false, 30);
  const simulate::LiveLog live(world.split, world.catalogue, 1);
  const sotto::PersonalModel model(world.engine);
  sotto::train::ThreadPool pool(2);
  const auto shares = simulate::expected_shares(live, model, pool, nullptr);
  REQUIRE(shares.ok());
  CHECK(std::abs(std::accumulate(shares->begin(), shares->end(), 0.0) - 1) < 1e-5);
  // The model knows the counts alone.
  const auto& counts = live.training_counts();
  const double events = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  CHECK(std::abs((*shares)[3] - static_cast<double>(counts[3]) / events) < 0.01);
  CHECK((*shares)[sotto::test::first_new_item] < 1e-4);
}

TEST_CASE("a plan shares lines between arms and numbers of reports") {
  simulate::SimulationOptions options;
  options.round_days = {1};
  options.noise_seeds = 2;
  options.batches = {500, 5000};
  const simulate::Plan plan = simulate::make_plan(options);
  // trend; z = 4 and z = 8 twice; 500 reports twice; counts. The adapter uses the lines of z = 8.
  CHECK(plan.lines[0].size() == 8);
  CHECK(plan.tracks.size() == 2 + 8 + 2 + 2);
  CHECK(simulate::arm_names(8) == std::vector<std::string>{"base", "personal", "trend", "trend_z4", "trend_z8",
                                                           "adapter", "federated_head", "central", "counts"});
  CHECK(simulate::arm_names(4).size() == 8);
  CHECK(simulate::noisy_arm(2.5) == "trend_z2.5");
  CHECK(simulate::rounds_name(1) == "daily");
  CHECK(simulate::rounds_name(7) == "weekly");
  CHECK(simulate::rounds_name(1.5) == "every 1.5 days");
}

TEST_CASE("a line publishes a trend that follows its counts") {
  const std::vector<std::uint64_t> training(20, 10);
  const simulate::Slots slots(training, 21);
  const std::vector<double> expected(20, 0.05);
  simulate::TrendLine line({.reports = 5000}, slots, expected, {});
  CHECK_FALSE(line.trend().has_effect());
  std::vector<std::uint32_t> choices(20, 1);
  choices[7] = 20;
  const std::vector<std::int64_t> no_noise;
  REQUIRE(line.publish(choices, 39, no_noise).ok());
  // The first trend has not been tested yet.
  CHECK_FALSE(line.trend().has_effect());
  REQUIRE(line.publish(choices, 39, no_noise).ok());
  CHECK(line.trend().has_effect());
  CHECK(line.trend().log_ratio(7) > 1);
  CHECK(line.trend().log_ratio(3) < 0);
  CHECK(line.latest().gain > 0);
  const float before = line.trend().prior();
  REQUIRE(line.publish(std::vector<std::uint32_t>(20), 0, no_noise).ok());
  CHECK(line.trend().prior() == before);
}

TEST_CASE("a federated head learns what devices choose") {
  const sotto::Kernels& kernels = sotto::best_kernels();
  constexpr std::size_t items = 12;
  simulate::FederatedHead head(items, 5);
  simulate::HeadGradient gradient(items, 8);
  std::vector<simulate::HeadGradient*> gradients{&gradient};
  sotto::AlignedBuffer<float> u(8);
  u[2] = 0.5F;
  std::vector<float> additions(16);
  head.additions(kernels, u.span(), additions);
  CHECK(additions[4] == 0);
  std::vector<float> errors(items, 1.0F / items);
  errors[4] -= 1;
  gradient.add(errors, u.span(), 1);
  head.finish_round(gradients, 1);
  head.additions(kernels, u.span(), additions);
  CHECK(additions[4] > 0.1F);
  CHECK(additions[3] < 0);
  // Nothing was reported.
  const std::vector<float> before = additions;
  head.finish_round(gradients, 1);
  head.additions(kernels, u.span(), additions);
  CHECK(additions == before);
}

TEST_CASE("a shared adapter follows its gradient") {
  const SmallWorld world(false, 10);
  const sotto::PersonalModel model(world.engine);
  simulate::SharedAdapter adapter(model);
  CHECK(adapter.size() == 8 * (1 + adapter.rank()));
  std::vector<float> u(8, 0.5F);
  std::vector<float> along(adapter.rank());
  std::vector<float> out(8);
  adapter.addition(u, along, out);
  CHECK(out == std::vector<float>(8));
  std::vector<float> sum(adapter.size());
  std::vector<float> gradient(8);
  gradient[1] = -1;
  adapter.add_gradient(gradient, along, 1, sum);
  const std::vector<std::span<float>> gradients{sum};
  adapter.finish_round(gradients, 1);
  adapter.addition(u, along, out);
  CHECK(out[1] > 0);
  CHECK(out[0] == 0);
  CHECK(sum == std::vector<float>(sum.size()));
}

TEST_CASE("a central head learns from choices, whatever the threads") {
  const SmallWorld world(false, 10);
  const sotto::PersonalModel model(world.engine);
  simulate::HeadRows base = simulate::base_head(model);
  const sotto::Kernels& kernels = world.engine.kernels();
  simulate::Choices choices(8);
  sotto::Random random(9);
  std::vector<std::int16_t> input(8);
  for (int n = 0; n < 200; ++n) {
    for (auto& value : input) value = static_cast<std::int16_t>(random.below(4096));
    choices.add(input, 55);
  }
  std::vector<float> results[2];
  for (std::size_t threads = 1; threads <= 2; ++threads) {
    sotto::train::ThreadPool pool(threads);
    simulate::CentralHead head(base, 8, 3);
    head.finish_round(kernels, choices, 0, pool);
    head.finish_round(kernels, choices, 150, pool);
    sotto::AlignedBuffer<float> u(8);
    simulate::to_float(input, u.span());
    results[threads - 1].resize(sotto::test::world_items);
    head.additions(kernels, u.span(), results[threads - 1]);
  }
  CHECK(results[0] == results[1]);
  CHECK(results[0][55] > 0.5F);
  CHECK(results[0][2] < 0);
}
