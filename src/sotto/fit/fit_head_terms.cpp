#include <sotto/fit/count_table.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/fit/fit_monitor.hpp>
#include <sotto/fit/head_term_fit.hpp>
#include <sotto/fit/head_term_search.hpp>
#include <sotto/model/fixed_model.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

namespace sotto::fit {
namespace {

// The two ways to count in any log. On each of four public logs' validation targets, one of them had the lowest
// cross-entropy of all tried ways: windows 5 and 10, powers 0.5 … 1, with and without earlier items.
constexpr CountTableOptions ways_to_count[] = {
    {},
    {.window = 10, .gap_decay = 0.8, .backward = 0.5, .source_power = 0.7, .target_power = 0.2, .history_decay = 0.5}};
// What content is worth beside the second one. On a sparse public log of reviews with titles, 2 was the best of 1, 2
// and 4 on the validation targets.
constexpr double content_pairs = 2;
// Where no texts tell which items are alike, their company does. The values were chosen on the validation targets of
// the same log, without its titles (docs/training.md).
constexpr CountTableOptions by_company{
    .window = 10, .gap_decay = 0.8, .backward = 0.2, .source_power = 0.5, .company_pairs = 2, .history_decay = 0.5};
// With more training events for each item than this, the pairs say enough, and a third fit is not worth its time.
constexpr std::size_t max_events_per_item_of_sparse = 50;

std::int32_t to_score(double logits) {
  return static_cast<std::int32_t>(std::nearbyint(std::ldexp(std::clamp(logits, -1000.0, 1000.0), score_bits)));
}

// Looks up the examples' counts and fits the numbers. The examples' network outputs do not change. Returns nothing if
// it was stopped.
std::optional<HeadTermSearch::Found> fit_numbers(std::vector<HeadTermExample>& examples, const FloatModel& model,
                                                 const std::optional<CountExpert>& counts,
                                                 const ItemPopularity& popularity, train::ThreadPool& pool,
                                                 FitMonitor& monitor) {
  look_up_counts(counts, model.info.architecture.items, examples, pool, monitor);
  const HeadTermNumbers likeliest = HeadTermFit(examples, popularity, pool, monitor).minimize_cross_entropy();
  HeadTermSearch search(model.weights, examples, popularity, likeliest, pool, monitor);
  const auto found = search.maximize_ndcg();
  if (monitor.stopped()) return std::nullopt;
  return found;
}

// Returns the number of targets in `fits` fits to the same examples, each with its look-up of counts.
std::uint64_t planned_targets(const std::vector<HeadTermExample>& examples, std::size_t fits) {
  const auto with_logits = static_cast<std::uint64_t>(
      std::ranges::count_if(examples, [](const HeadTermExample& example) { return example.logits.size() > 0; }));
  return fits * (HeadTermFit::iterations * with_logits + examples.size() * (1 + HeadTermSearch::min_passes()));
}

bool is_sparse(const data::Split& split) {
  const auto item_count = data::training_counts(split);
  return std::reduce(item_count.begin(), item_count.end()) <= max_events_per_item_of_sparse * item_count.size();
}

// The ways to count that a fit tries; nothing is no way at all.
std::vector<std::optional<CountTableOptions>> ways_to_try(const HeadTermOptions& options, const data::Split& split) {
  if (options.count_neighbors == 0) return {std::nullopt};
  std::vector<std::optional<CountTableOptions>> ways(std::begin(ways_to_count), std::end(ways_to_count));
  if (options.content != nullptr && !options.content->empty()) {
    ways.push_back(ways.back());
    ways.back()->content_pairs = content_pairs;
  } else if (is_sparse(split)) {
    ways.emplace_back(by_company);
  }
  for (auto& way : ways) way->neighbors = options.count_neighbors;
  return ways;
}

}  // namespace

HeadTermFitResult fit_head_terms(const FloatModel& model, const data::Split& split, const HeadTermOptions& options,
                                 train::ThreadPool& pool, const FitHooks& hooks) {
  HeadTermFitResult result;
  if (model.info.architecture.head != HeadKind::softmax) return result;
  if (data::validation_targets(split).size() < min_head_term_targets) return result;
  if (!options.history_term && options.count_neighbors == 0) return result;

  FitMonitor monitor(hooks);
  auto examples = make_head_term_examples(model, split, options.history_term, pool, monitor);
  const auto ways = ways_to_try(options, split);
  monitor.begin(FitStage::terms, planned_targets(examples, ways.size()));
  const ItemPopularity popularity = item_popularity(split);
  for (const auto& way : ways) {
    std::optional<CountExpert> counts;
    if (way) counts = make_count_table(split, *way, options.content, monitor.stop());
    const auto found = fit_numbers(examples, model, counts, popularity, pool, monitor);
    if (!found) return {.finished = false};
    if (result.terms && found->ndcg <= result.terms->ndcg) continue;
    result.terms = {
        .history_term = options.history_term, .counting = way, .numbers = found->numbers, .ndcg = found->ndcg};
  }
  monitor.report();
  return result;
}

void add_head_terms(const HeadTerms& terms, const data::Split& split, const ContentSimilarity* content,
                    FloatModel& model, const std::atomic<bool>* stop) {
  const HeadTermNumbers& p = terms.numbers;
  const auto value = [&p](std::size_t i) { return to_score(p[i] / p[head_term::temperature]); };
  FloatWeights& weights = model.weights;
  if (terms.history_term) {
    HistoryTerm& term = weights.history.emplace();
    for (std::size_t i = 0; i < age_buckets; ++i) term.age[i] = value(i);
    for (std::size_t i = 0; i < count_buckets; ++i) term.count[i] = value(head_term::occurrences + i);
    term.follow = value(head_term::follow);
  }
  if (terms.counting) {
    CountExpert& counts = weights.counts.emplace(make_count_table(split, *terms.counting, content, stop));
    for (std::size_t k = 0; k < count_curve_knots; ++k) counts.curve[k] = value(head_term::curve + k);
  }
  model.info.architecture.history_term = terms.history_term;
  model.info.architecture.count_expert = terms.counting.has_value();

  const ItemPopularity popularity = item_popularity(split);
  const auto overall = static_cast<float>(p[head_term::overall] / p[head_term::temperature]);
  const auto lately = static_cast<float>(p[head_term::lately] / p[head_term::temperature]);
  for (std::size_t i = 0; i < weights.head_bias.size(); ++i) {
    weights.head_bias[i] += overall * popularity.overall[i] + lately * popularity.lately[i];
  }
}

}  // namespace sotto::fit
