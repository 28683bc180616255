#include "../support/small_logs.hpp"

#include <sotto/fit/count_table.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/fit/model_parts.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/train/train.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <map>

namespace sotto::fit {
namespace {

using Catch::Approx;

// The row's values relative to its heaviest.
std::map<ItemIndex, double> row(const CountExpert& expert, ItemIndex item) {
  std::map<ItemIndex, double> values;
  double peak = 0;
  for (std::uint32_t i = expert.begin[item]; i < expert.begin[item + 1]; ++i)
    peak = std::max(peak, static_cast<double>(expert.weight[i]));
  for (std::uint32_t i = expert.begin[item]; i < expert.begin[item + 1]; ++i)
    values[expert.neighbor[i]] = static_cast<double>(expert.weight[i]) / peak;
  return values;
}

TEST_CASE("counts fall with the gap, and stop at a user's end and at the window", "[fit][counts]") {
  const auto log = test::make_log({{0, 1, 2, 3}, {3, 0}});
  const data::Split split(log, data::SplitKind::none);
  CountTableOptions options{.neighbors = 10, .window = 2, .gap_decay = 0.5, .source_power = 1, .target_power = 0};
  const CountExpert expert = make_count_table(split, options);
  CHECK(row(expert, 0).size() == 2);
  CHECK(row(expert, 0).at(1) == 1);
  CHECK(row(expert, 0).at(2) == Approx(0.5).margin(0.005));
  CHECK(row(expert, 2).size() == 1);
  CHECK(row(expert, 3).size() == 1);  // 3 → 0 of the second user
  CHECK(row(expert, 3).count(0) == 1);
  // Rows are normalized by the source's events: item 1 has one, item 3 two.
  const auto value = [&expert](ItemIndex from) {
    return static_cast<double>(expert.weight[expert.begin[from]]) * expert.multiplier[from];
  };
  CHECK(value(3) / value(2) == Approx(0.5).epsilon(0.01));
  CHECK(expert.decay[0] == 1 << count_decay_bits);
  CHECK(expert.decay[1] == std::lround(0.7 * (1 << count_decay_bits)));
}

TEST_CASE("backward counts and the popularity of targets count as asked, few neighbours are kept", "[fit][counts]") {
  const auto log = test::make_log({{0, 1, 2}, {2, 5}, {2, 5}, {2, 5}, {4, 3}});
  const data::Split split(log, data::SplitKind::none);
  CountTableOptions options{
      .neighbors = 10, .window = 1, .gap_decay = 1, .backward = 0.25, .source_power = 0, .target_power = 1};
  const CountExpert expert = make_count_table(split, options);
  CHECK(row(expert, 1).at(0) == 1);                             // backward, of one event: 0.25 / 1
  CHECK(row(expert, 1).at(2) == Approx(1).margin(0.005));       // forward, of four events: 1 / 4
  options.neighbors = 1;
  options.target_power = 0;
  const CountExpert one = make_count_table(split, options);
  CHECK(row(one, 2).size() == 1);
  CHECK(row(one, 2).count(5) == 1);
}

// Every user's validation and test items follow the item before them as in all of the log, at random between two
// chains.
TEST_CASE("the head's terms raise NDCG and are written into the model", "[fit][counts]") {
  std::vector<std::vector<ItemIndex>> logs;
  for (std::uint64_t u = 0; u < 200; ++u) logs.push_back(test::random_walk(12, 40, u + 1));
  const auto log = test::make_log(logs);
  const data::Split split(log, data::SplitKind::leave_last_out);
  train::TrainOptions options;
  options.embedding_dim = options.hidden_dim = 4;
  options.max_epochs = 1;
  const auto trained = train::train(split, test::catalogue_of(log), options, {});
  REQUIRE(trained.ok());
  train::ThreadPool pool(2);
  const auto without = fit_head_terms(*trained, split, {.history_term = true, .count_neighbors = 0}, pool);
  REQUIRE(without.terms);
  CHECK_FALSE(without.terms->counting);
  const HeadTermOptions both{.history_term = true, .count_neighbors = 10};
  const auto found = fit_head_terms(*trained, split, both, pool);
  REQUIRE(found.finished);
  REQUIRE(found.terms);
  CHECK(found.terms->ndcg > without.terms->ndcg + 0.05);
  FloatModel model = *trained;
  add_head_terms(*found.terms, split, nullptr, model);
  REQUIRE(model.weights.counts.has_value());
  REQUIRE(model.weights.history.has_value());
  CHECK(model.info.architecture.count_expert);
  CHECK(model.info.architecture.history_term);
  // The same on one thread.
  train::ThreadPool single(1);
  const auto again = fit_head_terms(*trained, split, both, single);
  REQUIRE(again.terms);
  CHECK(again.terms->numbers == found.terms->numbers);
  CHECK(again.terms->ndcg == found.terms->ndcg);

  // The same numbers with more events to count.
  const data::Split learned = split.with_validation_trained();
  FloatModel final_model = *trained;
  add_head_terms(*found.terms, learned, nullptr, final_model);
  CHECK(final_model.weights.history == model.weights.history);
  CHECK(final_model.weights.counts->curve == model.weights.counts->curve);
  CHECK(final_model.weights.counts->weight != model.weights.counts->weight);
  CHECK(final_model.weights.head_bias != model.weights.head_bias);

  const FloatModel network = network_alone(model);
  CHECK_FALSE(network.weights.counts.has_value());
  CHECK(network.weights.embedding.values == model.weights.embedding.values);
  const FloatModel counts = counts_alone(model);
  CHECK(counts.weights.counts == model.weights.counts);
  CHECK(counts.weights.history == model.weights.history);
  CHECK(parse_float_model(serialize(counts)).ok());

  const auto bare = fit_head_terms(*trained, split, {.history_term = false, .count_neighbors = 0}, pool);
  CHECK(bare.finished);
  CHECK_FALSE(bare.terms);
}

}  // namespace
}  // namespace sotto::fit
