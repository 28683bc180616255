#include <sotto/fit/head_term_search.hpp>
#include <sotto/runtime/float_session.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <span>
#include <utility>

namespace sotto::fit {
namespace {

// The candidates among items without history and counts. On a public log with 10,506 items, the search with the 64 best
// ended at the same numbers as with all items. Without the sample, it can rank a target first by weights under which no
// candidate is good.
constexpr std::size_t best_candidates = 128;
constexpr std::size_t sampled_candidates = 128;

// The five scales. They are logarithms of factors, except for the two weights of popularity, which are added.
enum Scale : std::size_t { temperature, overall, lately, curve, history };

// The directions of the search. Recent popularity may replace a loss of overall popularity.
constexpr std::array<ScaleMoves, 6> directions = {
    {{0, 1, 0, 0, 0}, {0, 0, 1, 0, 0}, {0, 0, 0, 1, 0}, {0, 0, 0, 0, 1}, {1, 0, 0, 0, 0}, {0, 1, -1, 0, 0}}};
// The search starts at several weights of popularity. From the first one alone, it often stays where all lists are
// popular items.
constexpr double popularity_shifts[] = {0.0, -0.5, -1.0};
constexpr double step_sizes[] = {0.4, 0.2, 0.1, 0.05};

// NDCG@10 of n targets has an uncertainty of about 0.3 / √n. The difference of two similar rankings has a quarter of
// it.
double noise_of_difference(std::size_t targets) { return 0.08 / std::sqrt(static_cast<double>(targets)); }

HeadTermNumbers moved(HeadTermNumbers numbers, const ScaleMoves& moves) {
  const auto stretch = [&](std::size_t begin, std::size_t end, Scale scale) {
    for (std::size_t i = begin; i < end; ++i) numbers[i] *= std::exp(moves[scale]);
  };
  stretch(0, head_term::curve, history);
  stretch(head_term::curve, head_term::temperature, curve);
  stretch(head_term::temperature, head_term::temperature + 1, temperature);
  numbers[head_term::overall] += moves[overall];
  numbers[head_term::lately] += moves[lately];
  return numbers;
}

ScaleMoves along(ScaleMoves moves, const ScaleMoves& direction, double step) {
  for (std::size_t i = 0; i < moves.size(); ++i) moves[i] += step * direction[i];
  return moves;
}

// Returns each item's addition to its network's logit that comes from popularity.
std::vector<float> popularity_bonus(const HeadTermNumbers& p, const ItemPopularity& popularity) {
  std::vector<float> result(popularity.overall.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = static_cast<float>(p[head_term::overall]) * popularity.overall[i] +
                static_cast<float>(p[head_term::lately]) * popularity.lately[i];
  }
  return result;
}

// Calls visit(item) for each item of the example with history or counts. Some items are visited twice.
template <class Visit>
void for_items_with_bonus(const HeadTermExample& example, const Visit& visit) {
  for (const auto& e : example.evidence) visit(e.item);
  for (const auto& c : example.counts) visit(c.item);
}

}  // namespace

HeadTermSearch::HeadTermSearch(const FloatWeights& weights, const std::vector<HeadTermExample>& examples,
                               const ItemPopularity& popularity, const HeadTermNumbers& from, train::ThreadPool& pool,
                               FitMonitor& monitor)
    : examples_(examples),
      candidates_(examples.size()),
      popularity_(popularity),
      from_(from),
      pool_(pool),
      monitor_(monitor) {
  choose_candidates(weights);
}

void HeadTermSearch::choose_candidates(const FloatWeights& weights) {
  const std::vector<float> of_popularity = popularity_bonus(from_, popularity_);
  const auto temperature = static_cast<float>(from_[head_term::temperature]);
  run_in_stretches(examples_.size(), pool_, monitor_, [&](std::size_t, std::size_t begin, std::size_t end) {
    const std::size_t items = of_popularity.size();
    std::vector<float> logits(items);
    std::vector<ItemIndex> others;
    std::vector<char> chosen(items);
    for (std::size_t i = begin; i < end; ++i) {
      const HeadTermExample& example = examples_[i];
      softmax_head_scores(weights, example.head_input, logits);
      Candidates& candidates = candidates_[i];
      const auto choose = [&](ItemIndex item) {
        if (chosen[item] != 0) return;
        chosen[item] = 1;
        candidates.certain.push_back({item, logits[item]});
      };
      const auto list_others = [&] {
        others.clear();
        for (ItemIndex item = 0; item < items; ++item) {
          if (chosen[item] == 0) others.push_back(item);
        }
      };
      choose(example.target);
      for_items_with_bonus(example, choose);
      list_others();
      const std::size_t kept = std::min(best_candidates, others.size());
      const auto score = [&](ItemIndex item) { return temperature * logits[item] + of_popularity[item]; };
      const auto is_better = [&](ItemIndex x, ItemIndex y) { return std::pair(score(y), x) < std::pair(score(x), y); };
      std::ranges::nth_element(others, others.begin() + static_cast<std::ptrdiff_t>(kept), is_better);
      for (const ItemIndex item : std::span(others).first(kept)) choose(item);
      list_others();
      // The sample is spread evenly over the catalogue, with a different start for each example.
      const std::size_t stride = others.size() / sampled_candidates + 1;
      for (std::size_t at = i % stride; at < others.size(); at += stride) {
        candidates.sampled.push_back({others[at], logits[others[at]]});
      }
      if (!candidates.sampled.empty()) {
        candidates.weight = static_cast<double>(others.size()) / static_cast<double>(candidates.sampled.size());
      }
      for (const Candidate& candidate : candidates.certain) chosen[candidate.item] = 0;
      candidates.certain.shrink_to_fit();
      candidates.sampled.shrink_to_fit();
    }
  });
}

double HeadTermSearch::ndcg(const HeadTermNumbers& numbers) const {
  const std::vector<float> of_popularity = popularity_bonus(numbers, popularity_);
  const auto temperature = static_cast<float>(numbers[head_term::temperature]);
  std::vector<double> partial(stretches_of(examples_.size()));
  run_in_stretches(examples_.size(), pool_, monitor_, [&](std::size_t number, std::size_t begin, std::size_t end) {
    std::vector<float> added = of_popularity;
    for (std::size_t i = begin; i < end; ++i) {
      const HeadTermExample& example = examples_[i];
      for (const auto& e : example.evidence) added[e.item] += static_cast<float>(bonus(numbers, e));
      for (const auto& c : example.counts) added[c.item] += static_cast<float>(bonus(numbers, c));
      const auto score = [&](const Candidate& candidate) {
        return temperature * candidate.logit + added[candidate.item];
      };
      const auto& [certain, sampled, weight] = candidates_[i];
      const float of_target = score(certain.front());
      const auto not_below = [&](const Candidate& candidate) { return score(candidate) >= of_target; };
      const double rank = static_cast<double>(std::ranges::count_if(certain, not_below)) +
                          weight * static_cast<double>(std::ranges::count_if(sampled, not_below));
      if (rank <= 10) partial[number] += 1.0 / std::log2(rank + 1.0);
      for_items_with_bonus(example, [&](ItemIndex item) { added[item] = of_popularity[item]; });
    }
  });
  double sum = 0;
  for (const double part : partial) sum += part;
  return sum / static_cast<double>(examples_.size());
}

double HeadTermSearch::look_at(const ScaleMoves& moves) {
  const double found = ndcg(moved(from_, moves));
  places_.push_back({moves, found});
  return found;
}

void HeadTermSearch::climb(ScaleMoves at) {
  double best = look_at(at);
  for (const double step : step_sizes) {
    for (bool higher = true; higher && !monitor_.stopped();) {
      higher = false;
      for (const ScaleMoves& direction : directions) {
        for (const double by : {-step, step}) {
          while (!monitor_.stopped()) {
            const ScaleMoves next = along(at, direction, by);
            const double value = look_at(next);
            if (value <= best) break;
            best = value;
            at = next;
            higher = true;
            monitor_.plan_further(examples_.size());
          }
        }
      }
      if (higher) monitor_.plan_further(2 * directions.size() * examples_.size());
    }
  }
}

HeadTermSearch::Found HeadTermSearch::maximize_ndcg() {
  for (const double shift : popularity_shifts) {
    ScaleMoves start{};
    start[overall] = shift;
    climb(start);
  }
  const double highest = std::ranges::max(places_, {}, &Place::ndcg).ndcg;
  const double noise = noise_of_difference(examples_.size());
  ScaleMoves mean{};
  double weights = 0;
  for (const auto& [moves, found] : places_) {
    const double weight = std::exp((found - highest) / noise);
    mean = along(mean, moves, weight);
    weights += weight;
  }
  for (double& move : mean) move /= weights;
  const HeadTermNumbers numbers = moved(from_, mean);
  const double of_mean = ndcg(numbers);
  monitor_.found(of_mean);
  return {numbers, of_mean};
}

std::uint64_t HeadTermSearch::min_passes() {
  const std::uint64_t climb = 1 + std::size(step_sizes) * directions.size() * 2;
  return 1 + std::size(popularity_shifts) * climb + 1;
}

}  // namespace sotto::fit
