#include <sotto/train/count_table.hpp>
#include <sotto/train/fit_head_terms.hpp>
#include <sotto/train/head_term_fit.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sotto::train {
namespace {

// Two ways to count. On the validation targets of four public logs the one or the other had the lowest cross-entropy of
// those tried: windows 5 and 10, powers 0.5 … 1, with and without what came before.
constexpr CountTableOptions forward_counts{};
constexpr CountTableOptions wide_counts{
    .window = 10, .gap_decay = 0.8, .backward = 0.5, .source_power = 0.7, .target_power = 0.2, .history_decay = 0.5};

std::int32_t to_score(double logits) {
  return static_cast<std::int32_t>(std::nearbyint(std::ldexp(std::clamp(logits, -1000.0, 1000.0), score_bits)));
}

// Looks the examples' counts up and fits; what the examples know of the network stays as it is.
double fit_to(std::vector<HeadTermExample>& examples, FloatModel& model, const ItemPopularity& popularity,
              ThreadPool& pool) {
  look_up_counts(model.weights.counts, model.info.architecture.items, examples, pool);
  const HeadTermFit fit(examples, popularity, pool);
  const HeadTermNumbers p = fit.maximise_ndcg(fit.minimise_cross_entropy());

  FloatWeights& weights = model.weights;
  const auto value = [&p](std::size_t i) { return to_score(p[i] / p[head_term::temperature]); };
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
  return fit.ndcg(p);
}

}  // namespace

double fit_head_terms(FloatModel& model, const data::Split& split, ThreadPool& pool) {
  auto examples = make_head_term_examples(model, split, pool);
  return fit_to(examples, model, item_popularity(split), pool);
}

void add_head_terms(FloatModel& model, const data::Split& split, const HeadTermOptions& options, ThreadPool& pool) {
  if (model.info.architecture.head != HeadKind::softmax) return;
  if (data::validation_targets(split).size() < min_head_term_targets) return;
  if (options.history_term) {
    model.weights.history.emplace();
    model.info.architecture.history_term = true;
  }
  if (options.count_neighbours == 0) {
    if (options.history_term) fit_head_terms(model, split, pool);
    return;
  }
  model.info.architecture.count_expert = true;
  auto examples = make_head_term_examples(model, split, pool);
  const ItemPopularity popularity = item_popularity(split);
  FloatWeights best;
  double highest = -1;
  const FloatWeights before = model.weights;
  for (CountTableOptions table : {forward_counts, wide_counts}) {
    table.neighbours = options.count_neighbours;
    model.weights = before;
    model.weights.counts = make_count_table(split, table);
    const double ndcg = fit_to(examples, model, popularity, pool);
    if (ndcg <= highest) continue;
    highest = ndcg;
    best = std::move(model.weights);
  }
  model.weights = std::move(best);
}

}  // namespace sotto::train
