// The search for NDCG ranks an example's candidates as all items would be ranked, on more examples than have logits.
#include "../support/small_logs.hpp"

#include <sotto/fit/count_table.hpp>
#include <sotto/fit/fit_monitor.hpp>
#include <sotto/fit/head_term_examples.hpp>
#include <sotto/fit/head_term_fit.hpp>
#include <sotto/fit/head_term_search.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/runtime/float_session.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace sotto::fit {
namespace {

// Random weights: one layer of two units, tied head.
FloatModel random_network(std::uint32_t items) {
  constexpr std::uint32_t units = 2;
  Random random(1);
  const auto fill = [&](std::vector<float>& values) {
    for (float& value : values) value = static_cast<float>(random.below(2001)) / 1000 - 1;
  };
  FloatModel model;
  model.info.architecture.items = items;
  FloatWeights& weights = model.weights;
  weights.embedding = MatrixF32(items, units);
  weights.lstm.push_back({MatrixF32(4 * units, units), MatrixF32(4 * units, units), std::vector<float>(4 * units)});
  weights.head_bias.resize(items);
  for (auto* values : {&weights.embedding.values, &weights.lstm[0].input_weights.values,
                       &weights.lstm[0].hidden_weights.values, &weights.lstm[0].bias, &weights.head_bias}) {
    fill(*values);
  }
  return model;
}

double ndcg_among_all(const std::vector<HeadTermExample>& examples, const ItemPopularity& popularity,
                      const HeadTermNumbers& p) {
  double sum = 0;
  for (const HeadTermExample& example : examples) {
    std::vector<double> scores(example.logits.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      scores[i] = p[head_term::temperature] * static_cast<double>(example.logits[i]) +
                  p[head_term::overall] * static_cast<double>(popularity.overall[i]) +
                  p[head_term::lately] * static_cast<double>(popularity.lately[i]);
    }
    for (const auto& e : example.evidence) scores[e.item] += bonus(p, e);
    for (const auto& c : example.counts) scores[c.item] += bonus(p, c);
    const auto rank = std::ranges::count_if(scores, [&](double score) { return score >= scores[example.target]; });
    if (rank <= 10) sum += 1 / std::log2(static_cast<double>(rank) + 1);
  }
  return sum / static_cast<double>(examples.size());
}

TEST_CASE("candidates are ranked as all items are, and the search finds more than it starts from", "[fit]") {
  const auto log = test::walks(300, 30, 1000);
  const data::Split split(log, data::SplitKind::leave_last_out);
  FloatModel model = random_network(static_cast<std::uint32_t>(log.item_ids.size()));
  model.weights.history.emplace();
  model.weights.counts = make_count_table(split, {});
  train::ThreadPool pool(2);
  const FitHooks hooks;
  FitMonitor monitor(hooks);
  auto examples = make_head_term_examples(model, split, model.weights.history.has_value(), pool, monitor);
  look_up_counts(model.weights.counts, log.item_ids.size(), examples, pool, monitor);
  const ItemPopularity popularity = item_popularity(split);
  const HeadTermNumbers likeliest = HeadTermFit(examples, popularity, pool, monitor).minimize_cross_entropy();
  const auto found = HeadTermSearch(model.weights, examples, popularity, likeliest, pool, monitor).maximize_ndcg();
  CHECK(found.ndcg > 0.1);
  CHECK(found.ndcg >= ndcg_among_all(examples, popularity, likeliest));
  // Floats may tie, or part, where doubles do not.
  CHECK(found.ndcg == Catch::Approx(ndcg_among_all(examples, popularity, found.numbers)).margin(0.002));
}

// A target is always a candidate. Weights that lift all items without events would rank it first among candidates that
// have some.
TEST_CASE("targets that nobody had touched are not ranked before all others that nobody had", "[fit]") {
  std::vector<std::vector<ItemIndex>> logs;
  Random random(1);
  for (std::uint64_t u = 0; u < 300; ++u) {
    logs.push_back(test::random_walk(10, 100, u + 1));
    for (int held_out = 0; held_out < 2; ++held_out) logs.back().push_back(100 + random.below(5000));
  }
  const auto log = test::make_log(logs);
  const data::Split split(log, data::SplitKind::leave_last_out);
  const FloatModel model = random_network(static_cast<std::uint32_t>(log.item_ids.size()));
  train::ThreadPool pool(2);
  const FitHooks hooks;
  FitMonitor monitor(hooks);
  const auto examples = make_head_term_examples(model, split, model.weights.history.has_value(), pool, monitor);
  const ItemPopularity popularity = item_popularity(split);
  const HeadTermNumbers likeliest = HeadTermFit(examples, popularity, pool, monitor).minimize_cross_entropy();
  const auto found = HeadTermSearch(model.weights, examples, popularity, likeliest, pool, monitor).maximize_ndcg();
  CHECK(ndcg_among_all(examples, popularity, found.numbers) < 0.02);
  CHECK(found.ndcg < 0.02);
}

TEST_CASE("of a large catalogue fewer targets have their logits kept than are searched on", "[fit]") {
  const auto log = test::walks(6000, 3, 10'000);
  const auto items = static_cast<std::uint32_t>(log.item_ids.size());
  const data::Split split(log, data::SplitKind::leave_last_out);
  const FloatModel model = random_network(items);
  train::ThreadPool pool(2);
  const FitHooks hooks;
  FitMonitor monitor(hooks);
  const auto examples = make_head_term_examples(model, split, model.weights.history.has_value(), pool, monitor);
  REQUIRE(examples.size() == 6000);
  const auto kept = std::ranges::count_if(examples, [](const HeadTermExample& e) { return e.logits.size() > 0; });
  CHECK(kept == 40'000'000 / items);
  std::vector<float> scores(items);
  softmax_head_scores(model.weights, examples.front().head_input, scores);
  CHECK(std::ranges::equal(scores, examples.front().logits.span()));
}

}  // namespace
}  // namespace sotto::fit
