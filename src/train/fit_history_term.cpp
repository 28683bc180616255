#include <sotto/model/fixed_model.hpp>
#include <sotto/runtime/float_session.hpp>
#include <sotto/train/fit_history_term.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace sotto::train {
namespace {

// Parameters: ages, counts, follow, temperature. A count of 1 is the base line: its entry stays 0.
constexpr std::size_t counts_at = age_buckets;
constexpr std::size_t follow_at = counts_at + count_buckets;
constexpr std::size_t temperature_at = follow_at + 1;
constexpr std::size_t parameter_count = temperature_at + 1;
using Parameters = std::array<double, parameter_count>;

constexpr std::size_t max_logits = 30'000'000;  // kept in memory: targets × items, 120 MB
constexpr int iterations = 150;
constexpr double learning_rate = 0.15;  // falls linearly to 0
constexpr double value_deviation = 3.0;       // prior standard deviation of a table entry, logits
constexpr double neighbour_deviation = 0.7;   // and of the difference of neighbouring ages

// One validation target: the network's logits and what the history before it says.
struct Example {
  Eigen::ArrayXf logits;
  std::vector<ItemEvidence> evidence;
  ItemIndex target;
};

std::vector<data::Target> targets_to_fit_on(const data::Split& split, std::size_t items) {
  std::vector<data::Target> targets = data::validation_targets(split);
  const std::size_t most = std::max(max_logits / items, min_history_targets);
  if (targets.size() <= most) return targets;
  std::vector<data::Target> chosen;  // evenly over the log
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(targets[i * targets.size() / most]);
  return chosen;
}

std::vector<Example> make_examples(const FloatModel& model, const data::Split& split) {
  std::vector<Example> examples;
  FloatSession session(model.weights);
  for (const auto& [user, event] : targets_to_fit_on(split, model.info.architecture.items)) {
    session.reset();
    const auto items = split.log().items_of(user);
    for (const ItemIndex item : items.first(event)) session.observe(item);
    Example& example = examples.emplace_back();
    example.logits.resize(model.info.architecture.items);
    session.network_scores({example.logits.data(), static_cast<std::size_t>(example.logits.size())});
    const auto evidence = session.history().evidence();
    example.evidence.assign(evidence.begin(), evidence.end());
    example.target = items[event];
  }
  return examples;
}

double bonus(const Parameters& p, const ItemEvidence& e) {
  return p[age_bucket(e.age)] + p[counts_at + count_bucket(e.count)] + (e.follows ? p[follow_at] : 0.0);
}

// Adds the gradient of one example's cross-entropy.
void add_gradient(const Example& example, const Parameters& p, Eigen::ArrayXf& probabilities, Parameters& gradient) {
  const auto z = static_cast<float>(p[temperature_at]);
  probabilities = z * example.logits;
  for (const auto& e : example.evidence) probabilities[e.item] += static_cast<float>(bonus(p, e));
  probabilities = (probabilities - probabilities.maxCoeff()).exp();
  probabilities /= probabilities.sum();
  gradient[temperature_at] +=
      static_cast<double>((probabilities * example.logits).sum() - example.logits[example.target]);
  for (const auto& e : example.evidence) {
    const double error = static_cast<double>(probabilities[e.item]) - (e.item == example.target ? 1.0 : 0.0);
    gradient[age_bucket(e.age)] += error;
    gradient[counts_at + count_bucket(e.count)] += error;
    if (e.follows) gradient[follow_at] += error;
  }
}

void add_prior_gradient(const Parameters& p, Parameters& gradient) {
  for (std::size_t i = 0; i < temperature_at; ++i) gradient[i] += p[i] / (value_deviation * value_deviation);
  gradient[temperature_at] += p[temperature_at] - 1.0;
  for (std::size_t i = 0; i + 1 < age_buckets; ++i) {
    const double pull = (p[i] - p[i + 1]) / (neighbour_deviation * neighbour_deviation);
    gradient[i] += pull;
    gradient[i + 1] -= pull;
  }
}

Parameters minimise(const std::vector<Example>& examples) {
  constexpr double beta1 = 0.8;
  constexpr double beta2 = 0.95;
  Parameters p{};
  p[temperature_at] = 1.0;
  Parameters first{};
  Parameters second{};
  Eigen::ArrayXf scratch;
  double power1 = 1;
  double power2 = 1;
  for (int iteration = 0; iteration < iterations; ++iteration) {
    Parameters gradient{};
    for (const auto& example : examples) add_gradient(example, p, scratch, gradient);
    add_prior_gradient(p, gradient);
    gradient[counts_at] = 0;
    power1 *= beta1;
    power2 *= beta2;
    const double rate = learning_rate * (1.0 - static_cast<double>(iteration) / iterations);
    for (std::size_t i = 0; i < parameter_count; ++i) {
      const double g = gradient[i] / static_cast<double>(examples.size());
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      p[i] -= rate * (first[i] / (1 - power1)) / (std::sqrt(second[i] / (1 - power2)) + 1e-8);
    }
    p[temperature_at] = std::clamp(p[temperature_at], 0.25, 4.0);
  }
  return p;
}

std::int32_t to_score(double logits) {
  return static_cast<std::int32_t>(std::nearbyint(std::ldexp(std::clamp(logits, -1000.0, 1000.0), score_bits)));
}

}  // namespace

std::optional<HistoryTerm> fit_history_term(const FloatModel& model, const data::Split& split) {
  const auto examples = make_examples(model, split);
  if (examples.size() < min_history_targets) return std::nullopt;
  const Parameters p = minimise(examples);
  HistoryTerm term;
  for (std::size_t i = 0; i < age_buckets; ++i) term.age[i] = to_score(p[i] / p[temperature_at]);
  for (std::size_t i = 0; i < count_buckets; ++i) term.count[i] = to_score(p[counts_at + i] / p[temperature_at]);
  term.follow = to_score(p[follow_at] / p[temperature_at]);
  return term;
}

}  // namespace sotto::train
