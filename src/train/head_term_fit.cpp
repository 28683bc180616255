#include <sotto/train/compute.hpp>
#include <sotto/train/head_term_fit.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>

namespace sotto::train {
namespace {

constexpr int iterations = 150;
constexpr double learning_rate = 0.15;        // falls linearly to 0
constexpr double value_deviation = 3.0;       // prior standard deviation of a table entry, logits
constexpr double neighbour_deviation = 0.7;   // of the difference of neighbouring ages
constexpr double knot_deviation = 1.0;        // of the difference of neighbouring knots
constexpr double popularity_deviation = 0.5;

// The search for NDCG starts at several weights of popularity: at the first it is often caught where all lists are
// popular ones.
constexpr double popularity_shifts[] = {0.0, -0.5, -1.0};
constexpr double first_step = 0.4;  // of a weight, or of a scale's logarithm; halved until below the last
constexpr double last_step = 0.05;

// A count's place on the curve: `share` of the way from knot to knot + 1.
struct CurvePlace {
  std::size_t knot;
  double share;
};
CurvePlace curve_place(std::uint32_t count) noexcept {
  const int octave = static_cast<int>(std::bit_width(count)) - 1;
  return {static_cast<std::size_t>(octave), std::ldexp(static_cast<double>(count), -octave) - 1};
}

double bonus(const HeadTermNumbers& p, const ItemEvidence& e) {
  return p[age_bucket(e.age)] + p[head_term::occurrences + count_bucket(e.count)] +
         (e.follows ? p[head_term::follow] : 0.0);
}
double bonus(const HeadTermNumbers& p, const ItemCount& c) {
  const auto [knot, share] = curve_place(c.count);
  return p[head_term::curve + knot] * (1 - share) + p[head_term::curve + knot + 1] * share;
}

ScoreMix mix_of(const HeadTermExample& example, const ItemPopularity& popularity, const HeadTermNumbers& p) {
  return {.items = example.logits.size(),
          .parts = {example.logits.data(), popularity.overall.data(), popularity.lately.data()},
          .weights = {p[head_term::temperature], p[head_term::overall], p[head_term::lately]}};
}

// All items' scores under p.
void score_items(const HeadTermExample& example, const ScoreMix& mix, const HeadTermNumbers& p,
                 std::span<float> scores) {
  compute().mix_scores(mix, scores.data());
  for (const auto& e : example.evidence) scores[e.item] += static_cast<float>(bonus(p, e));
  for (const auto& c : example.counts) scores[c.item] += static_cast<float>(bonus(p, c));
}

// Adds the gradient of one example's cross-entropy.
void add_gradient_of(const HeadTermExample& example, const ItemPopularity& popularity, const HeadTermNumbers& p,
                     std::span<float> probabilities, HeadTermNumbers& gradient) {
  const ScoreMix mix = mix_of(example, popularity, p);
  score_items(example, mix, p, probabilities);
  const ScoreMixMeans means = compute().softmax_means(mix, probabilities.data());
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
  keep_alike(0, age_buckets, neighbour_deviation);
  keep_alike(head_term::curve, head_term::curve + count_curve_knots, knot_deviation);
}

// The five scales.
enum class Scale { temperature, overall, lately, curve, history };
constexpr Scale scales[] = {Scale::overall, Scale::lately, Scale::curve, Scale::history, Scale::temperature};

HeadTermNumbers moved(HeadTermNumbers numbers, Scale scale, double by) {
  const auto stretch = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) numbers[i] *= std::exp(by);
  };
  switch (scale) {
    case Scale::temperature: stretch(head_term::temperature, head_term::temperature + 1); break;
    case Scale::overall: numbers[head_term::overall] += by; break;
    case Scale::lately: numbers[head_term::lately] += by; break;
    case Scale::curve: stretch(head_term::curve, head_term::temperature); break;
    case Scale::history: stretch(0, head_term::curve); break;
  }
  return numbers;
}

}  // namespace

void HeadTermFit::add_gradient(const HeadTermNumbers& numbers, HeadTermNumbers& gradient) const {
  std::vector<HeadTermNumbers> partial(stretches_of(examples_.size()));
  run_in_stretches(examples_.size(), pool_, monitor_, [&](std::size_t number, std::size_t begin, std::size_t end) {
    AlignedBuffer<float> probabilities(popularity_.overall.size());
    for (std::size_t i = begin; i < end; ++i) {
      add_gradient_of(examples_[i], popularity_, numbers, probabilities.span(), partial[number]);
    }
  });
  for (const HeadTermNumbers& part : partial) {
    for (std::size_t i = 0; i < head_term::count; ++i) gradient[i] += part[i];
  }
}

HeadTermNumbers HeadTermFit::minimise_cross_entropy() const {
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

double HeadTermFit::ndcg(const HeadTermNumbers& numbers) const {
  std::vector<double> partial(stretches_of(examples_.size()));
  run_in_stretches(examples_.size(), pool_, monitor_, [&](std::size_t number, std::size_t begin, std::size_t end) {
    AlignedBuffer<float> buffer(popularity_.overall.size());
    const std::span<float> scores = buffer.span();
    for (std::size_t i = begin; i < end; ++i) {
      const HeadTermExample& example = examples_[i];
      score_items(example, mix_of(example, popularity_, numbers), numbers, scores);
      const float of_target = scores[example.target];
      const auto rank = std::ranges::count_if(scores, [&](float score) { return score >= of_target; });
      if (rank <= 10) partial[number] += 1.0 / std::log2(static_cast<double>(rank) + 1.0);
    }
  });
  double sum = 0;
  for (const double part : partial) sum += part;
  return sum / static_cast<double>(examples_.size());
}

HeadTermFit::Found HeadTermFit::climb(HeadTermNumbers numbers) const {
  double best = ndcg(numbers);
  for (double step = first_step; step >= last_step; step /= 2) {
    for (const Scale scale : scales) {
      for (const double by : {-step, step}) {
        while (!monitor_.stopped()) {
          const HeadTermNumbers next = moved(numbers, scale, by);
          const double value = ndcg(next);
          if (value <= best) break;
          best = value;
          numbers = next;
          monitor_.found(best);
          monitor_.plan_further(examples_.size());
        }
      }
    }
  }
  return {numbers, best};
}

HeadTermFit::Found HeadTermFit::maximise_ndcg(const HeadTermNumbers& from) const {
  Found best{from, ndcg(from)};
  monitor_.found(best.ndcg);
  for (const double shift : popularity_shifts) {
    const Found found = climb(moved(from, Scale::overall, shift));
    if (found.ndcg > best.ndcg) best = found;
  }
  return best;
}

std::uint64_t HeadTermFit::fewest_passes() {
  std::uint64_t steps = 0;
  for (double step = first_step; step >= last_step; step /= 2) ++steps;
  const std::uint64_t climb = 1 + steps * std::size(scales) * 2;
  return iterations + 1 + std::size(popularity_shifts) * climb;
}

}  // namespace sotto::train
