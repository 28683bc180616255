#include "../support/small_logs.hpp"

#include <sotto/train/adagrad.hpp>
#include <sotto/train/adam.hpp>
#include <sotto/train/compute_tiers.hpp>
#include <sotto/train/dropout.hpp>
#include <sotto/train/epoch_stream.hpp>
#include <sotto/train/negative_sampler.hpp>
#include <sotto/train/seeds.hpp>
#include <sotto/train/target_ranks.hpp>
#include <sotto/train/thread_pool.hpp>
#include <sotto/train/weight_average.hpp>
#include <sotto/train/weights.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <vector>

namespace sotto::train {
namespace {

using Catch::Approx;

TEST_CASE("an epoch holds every pair of successive training events once", "[train]") {
  const auto log = test::make_log({{0, 1, 2, 3, 4}, {5}, {6, 7}, {8, 9, 8}});
  const data::Split split(log, data::SplitKind::none);
  const std::size_t lanes = GENERATE(1U, 2U, 3U, 7U);
  const EpochStream stream(split, lanes, 3, 1);
  REQUIRE(stream.positions() == 7);
  std::vector<std::pair<ItemIndex, ItemIndex>> pairs;
  std::size_t starts = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    for (std::size_t step = 0; step < stream.lane_length(); ++step) {
      const std::size_t position = stream.at(lane, step);
      if (position == stream.positions()) continue;
      pairs.emplace_back(stream.input(position), stream.target(position));
      if (stream.starts_user(position)) ++starts;
    }
  }
  std::ranges::sort(pairs);
  CHECK(pairs == std::vector<std::pair<ItemIndex, ItemIndex>>{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {6, 7}, {8, 9}, {9, 8}});
  CHECK(starts == 3);
}

TEST_CASE("users come in another order in another epoch, the same one for the same seed", "[train]") {
  std::vector<std::vector<ItemIndex>> users;
  for (ItemIndex u = 0; u < 50; ++u) users.push_back({u, u});
  const auto log = test::make_log(users);
  const data::Split split(log, data::SplitKind::none);
  const auto order = [&](std::uint64_t seed, std::uint32_t epoch) {
    const EpochStream stream(split, 1, seed, epoch);
    std::vector<ItemIndex> items;
    for (std::size_t i = 0; i < stream.positions(); ++i) items.push_back(stream.input(i));
    return items;
  };
  CHECK(order(1, 1) == order(1, 1));
  CHECK(order(1, 1) != order(1, 2));
  CHECK(order(1, 1) != order(2, 1));
}

TEST_CASE("negatives follow popularity to the power of alpha", "[train]") {
  const std::vector<std::uint64_t> counts{100, 25, 4, 0};  // an item without events counts as touched once
  const NegativeSampler sampler(counts, 0.5, true);
  Random random(7);
  std::vector<double> drawn(4, 0.0);
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) ++drawn[sampler.draw(random)];
  const double total = 10 + 5 + 2 + 1;
  const double expected[] = {10 / total, 5 / total, 2 / total, 1 / total};
  for (std::size_t item = 0; item < 4; ++item) {
    CHECK(drawn[item] / draws == Approx(expected[item]).epsilon(0.05));
    CHECK(static_cast<double>(sampler.log_count(static_cast<ItemIndex>(item), 32)) ==
          Approx(std::log(32 * expected[item])).margin(1e-5));
  }
}

TEST_CASE("a dropout mask keeps the mean and is the seed's own", "[train]") {
  const double rate = GENERATE(0.05, 0.5, 0.9);
  Matrix<double> mask, again;
  Random random(3), same(3);
  draw_dropout_mask(rate, random, 1001, 101, mask);
  draw_dropout_mask(rate, same, 1001, 101, again);
  CHECK(mask == again);
  CHECK(mask.mean() == Approx(1.0).epsilon(0.02));
  CHECK((mask.array() == 0).cast<double>().mean() == Approx(rate).margin(0.005));
}

TEST_CASE("Adam's first step has the size of the learning rate, its decay is apart from the gradient", "[train]") {
  std::vector<double> p{1.0, -2.0, 3.0}, m(3), v(3);
  const std::vector<double> g{0.5, -40.0, 0.0};
  OptimizerStep step;
  step.learning_rate = 0.01;
  step.weight_decay = 0.1;
  step.first_correction = 1 - adam_beta1;
  step.second_correction = 1 - adam_beta2;
  adam_update(step, p.data(), g.data(), m.data(), v.data(), p.size());
  CHECK(p[0] == Approx(1.0 * 0.999 - 0.01));
  CHECK(p[1] == Approx(-2.0 * 0.999 + 0.01));
  CHECK(p[2] == Approx(3.0 * 0.999));
}

TEST_CASE("Adagrad's steps shrink with the sum of squares, its decay is apart from the gradient", "[train]") {
  std::vector<double> p{1.0, -2.0}, sum(2);
  const std::vector<double> g{3.0, 0.0};
  OptimizerStep step;
  step.learning_rate = 0.1;
  step.weight_decay = 0.5;
  step.gradient_scale = 0.5;
  adagrad_update(step, p.data(), g.data(), sum.data(), p.size());
  CHECK(p[0] == Approx(0.95 - 0.1));
  CHECK(p[1] == Approx(-1.9));
  adagrad_update(step, p.data(), g.data(), sum.data(), p.size());
  CHECK(sum[0] == Approx(2 * 1.5 * 1.5));
  CHECK(p[0] == Approx(0.85 * 0.95 - 0.1 / std::sqrt(2.0)));
}

TEST_CASE("ranks after a history are those of one event after another, ties against the target", "[train]") {
  const Architecture architecture{
      .items = 9, .embedding_dim = 4, .hidden_dim = 4, .layers = 2, .tied_head = true, .skip_connection = true};
  const ParameterLayout layout = make_layout(architecture, 9);
  const auto parameters = initial_parameters(layout, std::vector<std::uint64_t>(9, 1), Conventions::sotto, 1);
  const auto log = test::make_log({test::random_walk(300, 9, 1), test::random_walk(65, 9, 2),
                                   test::random_walk(64, 9, 3), test::random_walk(1, 9, 4)});
  std::vector<RankQuery> together;
  for (std::size_t u = 0; u < log.users(); ++u)
    together.push_back({log.items_of(u).data(), log.items_of(u).size(), 5, false});
  std::vector<std::uint32_t> ranks(4);
  RankScratch<float> scratch(layout);
  rank_targets(layout, parameters.data(), together.data(), 4, ranks.data(), scratch);
  for (std::size_t u = 0; u < 4; ++u) {
    std::uint32_t alone = 0;
    rank_targets(layout, parameters.data(), &together[u], 1, &alone, scratch);
    CHECK(alone == ranks[u]);
  }

  const std::vector<float> constant(layout.size, 0.0F);
  rank_targets(layout, constant.data(), together.data(), 1, ranks.data(), scratch);
  CHECK(ranks[0] == 9);
  // Without the history's items, also where one comes twice or is the target.
  const std::vector<std::uint32_t> history{1, 2, 5, 2};
  const RankQuery without{history.data(), history.size(), 5, true};
  rank_targets(layout, constant.data(), &without, 1, ranks.data(), scratch);
  CHECK(ranks[0] == 7);
}

TEST_CASE("every job runs once, whatever the number of threads", "[train]") {
  const std::size_t threads = GENERATE(1U, 2U, 5U);
  ThreadPool pool(threads);
  CHECK(pool.threads() == threads);
  for (const std::size_t count : {0U, 1U, 3U, 1000U}) {
    std::vector<std::atomic<int>> runs(count);
    pool.run(count, [&](std::size_t i) { ++runs[i]; });
    CHECK(std::ranges::all_of(runs, [](const auto& n) { return n == 1; }));
  }
}

TEST_CASE("the weight average forgets where it began and settles on where the weights stay", "[train]") {
  const std::size_t steps_per_epoch = GENERATE(1U, 64U, 1000U);
  const std::vector<float> first{100.0F, -100.0F};
  WeightAverage average(first, steps_per_epoch);
  CHECK(average.weights()[0] == 100.0F);
  const std::vector<float> high{3.0F, 1.0F};
  const std::vector<float> low{1.0F, 1.0F};
  for (std::size_t step = 0; step < std::max<std::size_t>(400, 20 * steps_per_epoch); ++step) {
    average.follow(step / std::max<std::size_t>(1, steps_per_epoch / 64) % 2 == 0 ? high : low);
  }
  CHECK(static_cast<double>(average.weights()[0]) == Approx(2.0).margin(0.1));
  CHECK(static_cast<double>(average.weights()[1]) == Approx(1.0).margin(1e-3));
}

TEST_CASE("the tier in use computes what the baseline computes, within rounding", "[train]") {
  const Architecture architecture{
      .items = 700, .embedding_dim = 20, .hidden_dim = 20, .layers = 1, .tied_head = true, .skip_connection = true};
  const ParameterLayout layout = make_layout(architecture, 700);
  const auto parameters = initial_parameters(layout, std::vector<std::uint64_t>(700, 3), Conventions::sotto, 4);
  constexpr std::size_t positions = std::size_t{30} * 5;
  Random random(9);
  std::vector<std::uint32_t> input, target;
  for (std::size_t p = 0; p < positions; ++p) {
    input.push_back(random.below(700));
    target.push_back(random.below(700));
  }
  const std::vector<std::uint8_t> starts(positions, 0);
  const std::vector<float> weight(positions, 1.0F / positions);
  ShardStep step;
  step.steps = 30;
  step.lanes = 5;
  step.starts = starts.data();
  step.input = step.input_row = input.data();
  step.target = step.target_row = target.data();
  step.weight = weight.data();
  step.dropout_seed = 6;
  const auto run = [&](const Compute& tier, std::vector<float>& gradient) {
    gradient.resize(layout.size);
    const auto worker = tier.make_shard_worker(layout, {0.1, 0.2});
    worker->reset(5);
    const auto packed = tier.make_packed_network(layout);
    for (std::size_t part = 0; part < packed->parts(); ++part) packed->pack(part, parameters.data());
    return worker->gradient(parameters.data(), *packed, layout, gradient.data(), step);
  };
  std::vector<float> expected, actual;
  const double expected_loss = run(compute_baseline(), expected);
  CHECK(run(compute(), actual) == Approx(expected_loss).epsilon(1e-5));
  double worst = 0;
  for (std::size_t i = 0; i < layout.size; ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(expected[i]) - static_cast<double>(actual[i])));
  }
  CHECK(worst < 1e-6);
}

}  // namespace
}  // namespace sotto::train
