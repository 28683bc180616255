#include <sotto/fit/count_table.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/fit/fit_monitor.hpp>
#include <sotto/fit/head_term_fit.hpp>
#include <sotto/fit/head_term_search.hpp>
#include <sotto/model/fixed_model.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace sotto::fit {
namespace {

// The two ways to count. On each of four public logs' validation targets, one of them had the lowest cross-entropy of
// all tried ways: windows 5 and 10, powers 0.5 … 1, with and without earlier items.
constexpr CountTableOptions ways_to_count[] = {
    {},
    {.window = 10, .gap_decay = 0.8, .backward = 0.5, .source_power = 0.7, .target_power = 0.2, .history_decay = 0.5}};

std::int32_t to_score(double logits) {
  return static_cast<std::int32_t>(std::nearbyint(std::ldexp(std::clamp(logits, -1000.0, 1000.0), score_bits)));
}

// Looks up the examples' counts and fits the terms. The examples' network outputs do not change. Returns their NDCG@10,
// or nothing if it was stopped.
std::optional<double> fit_to(std::vector<HeadTermExample>& examples, FloatModel& model,
                             const ItemPopularity& popularity, train::ThreadPool& pool, FitMonitor& monitor) {
  look_up_counts(model.weights.counts, model.info.architecture.items, examples, pool, monitor);
  const HeadTermNumbers likeliest = HeadTermFit(examples, popularity, pool, monitor).minimize_cross_entropy();
  HeadTermSearch search(model.weights, examples, popularity, likeliest, pool, monitor);
  const auto [p, ndcg] = search.maximize_ndcg();
  if (monitor.stopped()) return std::nullopt;

  FloatWeights& weights = model.weights;
  const auto value = [&terms = p](std::size_t i) { return to_score(terms[i] / terms[head_term::temperature]); };
  if (auto& term = weights.history) {
    for (std::size_t i = 0; i < age_buckets; ++i) term->age[i] = value(i);
    for (std::size_t i = 0; i < count_buckets; ++i) term->count[i] = value(head_term::occurrences + i);
    term->follow = value(head_term::follow);
  }
  if (weights.counts) {
    for (std::size_t k = 0; k < count_curve_knots; ++k) weights.counts->curve[k] = value(head_term::curve + k);
  }
  const auto overall = static_cast<float>(p[head_term::overall] / p[head_term::temperature]);
  const auto lately = static_cast<float>(p[head_term::lately] / p[head_term::temperature]);
  for (std::size_t i = 0; i < weights.head_bias.size(); ++i) {
    weights.head_bias[i] += overall * popularity.overall[i] + lately * popularity.lately[i];
  }
  return ndcg;
}

// Returns the number of targets in `fits` fits to the same examples, each with its look-up of counts.
std::uint64_t planned_targets(const std::vector<HeadTermExample>& examples, std::size_t fits) {
  const auto with_logits = static_cast<std::uint64_t>(
      std::ranges::count_if(examples, [](const HeadTermExample& example) { return example.logits.size() > 0; }));
  return fits * (HeadTermFit::iterations * with_logits + examples.size() * (1 + HeadTermSearch::min_passes()));
}

std::optional<double> fit_existing_terms(FloatModel& model, const data::Split& split, train::ThreadPool& pool,
                                         FitMonitor& monitor) {
  auto examples = make_head_term_examples(model, split, pool, monitor);
  monitor.begin(FitStage::terms, planned_targets(examples, 1));
  return fit_to(examples, model, item_popularity(split), pool, monitor);
}

// Fits with the best way to count. If it was stopped, returns false and leaves the model incomplete.
bool fit_with_counts(FloatModel& model, const data::Split& split, std::uint32_t neighbors, train::ThreadPool& pool,
                     FitMonitor& monitor) {
  model.info.architecture.count_expert = true;
  auto examples = make_head_term_examples(model, split, pool, monitor);
  monitor.begin(FitStage::terms, planned_targets(examples, std::size(ways_to_count)));
  const ItemPopularity popularity = item_popularity(split);
  FloatWeights best;
  double highest = -1;
  const FloatWeights before = model.weights;
  for (CountTableOptions table : ways_to_count) {
    table.neighbors = neighbors;
    model.weights = before;
    model.weights.counts = make_count_table(split, table, monitor.stop());
    const auto ndcg = fit_to(examples, model, popularity, pool, monitor);
    if (!ndcg) return false;
    if (*ndcg <= highest) continue;
    highest = *ndcg;
    best = std::move(model.weights);
  }
  model.weights = std::move(best);
  return true;
}

}  // namespace

std::optional<double> fit_head_terms(FloatModel& model, const data::Split& split, train::ThreadPool& pool,
                                     const FitHooks& hooks) {
  FitMonitor monitor(hooks);
  const auto ndcg = fit_existing_terms(model, split, pool, monitor);
  monitor.report();
  return ndcg;
}

bool add_head_terms(FloatModel& model, const data::Split& split, const HeadTermOptions& options,
                    train::ThreadPool& pool, const FitHooks& hooks) {
  if (model.info.architecture.head != HeadKind::softmax) return true;
  if (data::validation_targets(split).size() < min_head_term_targets) return true;
  if (!options.history_term && options.count_neighbors == 0) return true;
  const FloatWeights network = model.weights;
  const Architecture architecture = model.info.architecture;
  if (options.history_term) {
    model.weights.history.emplace();
    model.info.architecture.history_term = true;
  }
  FitMonitor monitor(hooks);
  const bool finished = options.count_neighbors == 0
                            ? fit_existing_terms(model, split, pool, monitor).has_value()
                            : fit_with_counts(model, split, options.count_neighbors, pool, monitor);
  if (!finished) {
    model.weights = network;
    model.info.architecture = architecture;
  }
  monitor.report();
  return finished;
}

}  // namespace sotto::fit
