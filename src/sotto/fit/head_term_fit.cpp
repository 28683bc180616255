#include <sotto/fit/head_term_fit.hpp>
#include <sotto/train/compute.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::fit {
namespace {

constexpr double learning_rate = 0.15;        // falls linearly to 0
constexpr double value_deviation = 3.0;       // prior standard deviation of a table entry, logits
constexpr double neighbor_deviation = 0.7;   // for the difference of neighboring ages
constexpr double knot_deviation = 1.0;        // for the difference of neighboring knots
constexpr double popularity_deviation = 0.5;

train::ScoreMix mix_of(const HeadTermExample& example, const ItemPopularity& popularity, const HeadTermNumbers& p) {
  return {.items = example.logits.size(),
          .parts = {example.logits.data(), popularity.overall.data(), popularity.lately.data()},
          .weights = {p[head_term::temperature], p[head_term::overall], p[head_term::lately]}};
}

// Computes all items' scores under p.
void score_items(const HeadTermExample& example, const train::ScoreMix& mix, const HeadTermNumbers& p,
                 std::span<float> scores) {
  train::compute().mix_scores(mix, scores.data());
  for (const auto& e : example.evidence) scores[e.item] += static_cast<float>(bonus(p, e));
  for (const auto& c : example.counts) scores[c.item] += static_cast<float>(bonus(p, c));
}

// Adds the gradient of one example's cross-entropy.
void add_gradient_of(const HeadTermExample& example, const ItemPopularity& popularity, const HeadTermNumbers& p,
                     std::span<float> probabilities, HeadTermNumbers& gradient) {
  const train::ScoreMix mix = mix_of(example, popularity, p);
  score_items(example, mix, p, probabilities);
  const train::ScoreMixMeans means = train::compute().softmax_means(mix, probabilities.data());
  for (std::size_t part = 0; part < means.size(); ++part) {
    gradient[head_term::temperature + part] += means[part] - static_cast<double>(mix.parts[part][example.target]);
  }
  const auto error_of = [&](ItemIndex item) {
    return static_cast<double>(probabilities[item]) - (item == example.target ? 1.0 : 0.0);
  };
  for (const auto& e : example.evidence) {
    const double error = error_of(e.item);
    gradient[age_bucket(e.age)] += error;
    gradient[head_term::occurrences + count_bucket(e.count)] += error;
    if (e.follows) gradient[head_term::follow] += error;
  }
  for (const auto& c : example.counts) {
    const double error = error_of(c.item);
    const auto [knot, share] = curve_place(c.count);
    gradient[head_term::curve + knot] += error * (1 - share);
    gradient[head_term::curve + knot + 1] += error * share;
  }
}

void add_prior_gradient(const HeadTermNumbers& p, HeadTermNumbers& gradient) {
  for (std::size_t i = 0; i < head_term::temperature; ++i) gradient[i] += p[i] / (value_deviation * value_deviation);
  gradient[head_term::temperature] += p[head_term::temperature] - 1.0;
  for (const std::size_t at : {head_term::overall, head_term::lately})
    gradient[at] += p[at] / (popularity_deviation * popularity_deviation);
  const auto keep_alike = [&](std::size_t begin, std::size_t end, double deviation) {
    for (std::size_t i = begin; i + 1 < end; ++i) {
      const double pull = (p[i] - p[i + 1]) / (deviation * deviation);
      gradient[i] += pull;
      gradient[i + 1] -= pull;
    }
  };
  keep_alike(0, age_buckets, neighbor_deviation);
  keep_alike(head_term::curve, head_term::curve + count_curve_knots, knot_deviation);
}

}  // namespace

HeadTermFit::HeadTermFit(const std::vector<HeadTermExample>& examples, const ItemPopularity& popularity,
                         train::ThreadPool& pool, FitMonitor& monitor)
    : popularity_(popularity), pool_(pool), monitor_(monitor) {
  for (const HeadTermExample& example : examples) {
    if (example.logits.size() > 0) examples_.push_back(&example);
  }
}

void HeadTermFit::add_gradient(const HeadTermNumbers& numbers, HeadTermNumbers& gradient) const {
  std::vector<HeadTermNumbers> partial(stretches_of(examples_.size()));
  run_in_stretches(examples_.size(), pool_, monitor_, [&](std::size_t number, std::size_t begin, std::size_t end) {
    AlignedBuffer<float> probabilities(popularity_.overall.size());
    for (std::size_t i = begin; i < end; ++i) {
      add_gradient_of(*examples_[i], popularity_, numbers, probabilities.span(), partial[number]);
    }
  });
  for (const HeadTermNumbers& part : partial) {
    for (std::size_t i = 0; i < head_term::count; ++i) gradient[i] += part[i];
  }
}

HeadTermNumbers HeadTermFit::minimize_cross_entropy() const {
  constexpr double beta1 = 0.8;
  constexpr double beta2 = 0.95;
  HeadTermNumbers p{};
  p[head_term::temperature] = 1.0;
  HeadTermNumbers first{};
  HeadTermNumbers second{};
  double power1 = 1;
  double power2 = 1;
  for (int iteration = 0; iteration < iterations && !monitor_.stopped(); ++iteration) {
    HeadTermNumbers gradient{};
    add_gradient(p, gradient);
    add_prior_gradient(p, gradient);
    gradient[head_term::occurrences] = 0;
    power1 *= beta1;
    power2 *= beta2;
    const double rate = learning_rate * (1.0 - static_cast<double>(iteration) / iterations);
    for (std::size_t i = 0; i < head_term::count; ++i) {
      const double g = gradient[i] / static_cast<double>(examples_.size());
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      p[i] -= rate * (first[i] / (1 - power1)) / (std::sqrt(second[i] / (1 - power2)) + 1e-8);
    }
    p[head_term::temperature] = std::clamp(p[head_term::temperature], 0.25, 4.0);
  }
  return p;
}

}  // namespace sotto::fit
