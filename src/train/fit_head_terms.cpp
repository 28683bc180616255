#include <sotto/model/fixed_model.hpp>
#include <sotto/runtime/count_lookup.hpp>
#include <sotto/runtime/float_session.hpp>
#include <sotto/train/count_table.hpp>
#include <sotto/train/epoch_stream.hpp>
#include <sotto/train/fit_head_terms.hpp>
#include <sotto/train/item_popularity.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace sotto::train {
namespace {

// Parameters: ages, occurrences, follow, the curve's knots, temperature, weights of the logs of popularity overall and
// lately. A count of 1 is the base line: its entry stays 0.
constexpr std::size_t occurrences_at = age_buckets;
constexpr std::size_t follow_at = occurrences_at + count_buckets;
constexpr std::size_t curve_at = follow_at + 1;
constexpr std::size_t temperature_at = curve_at + count_curve_knots;
constexpr std::size_t popularity_at = temperature_at + 1;
constexpr std::size_t lately_at = popularity_at + 1;
constexpr std::size_t parameter_count = lately_at + 1;
using Parameters = std::array<double, parameter_count>;

constexpr std::size_t max_logits = 40'000'000;  // kept in memory: targets × items, 160 MB
constexpr std::size_t targets_per_job = 64;     // fixed: sums over jobs are added in order
constexpr int iterations = 150;
constexpr double learning_rate = 0.15;        // falls linearly to 0
constexpr double value_deviation = 3.0;       // prior standard deviation of a table entry, logits
constexpr double neighbour_deviation = 0.7;   // of the difference of neighbouring ages
constexpr double knot_deviation = 1.0;        // of the difference of neighbouring knots
constexpr double popularity_deviation = 0.5;

// Two ways to count. On the validation targets of four public logs the one or the other had the lowest cross-entropy of
// those tried: windows 5 and 10, powers 0.5 … 1, with and without what came before.
constexpr CountTableOptions forward_counts{};
constexpr CountTableOptions wide_counts{
    .window = 10, .gap_decay = 0.8, .backward = 0.5, .source_power = 0.7, .target_power = 0.2, .history_decay = 0.5};

// One validation target: the network's logits, and what the history before it says.
struct Example {
  Eigen::ArrayXf logits;
  std::vector<ItemEvidence> evidence;
  std::span<const ItemIndex> recent;  // the latest events that the count expert looks up
  std::vector<ItemCount> counts;
  ItemIndex target;
};

std::vector<data::Target> targets_to_fit_on(const data::Split& split, std::size_t items) {
  std::vector<data::Target> targets = data::validation_targets(split);
  const std::size_t most = std::max(max_logits / items, min_head_term_targets);
  if (targets.size() <= most) return targets;
  std::vector<data::Target> chosen;  // evenly over the log
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(targets[i * targets.size() / most]);
  return chosen;
}

template <class Job>
void run_in_stretches(std::size_t count, ThreadPool& pool, const Job& job) {
  pool.run((count + targets_per_job - 1) / targets_per_job, [&](std::size_t number) {
    const std::size_t begin = number * targets_per_job;
    job(number, begin, std::min(count, begin + targets_per_job));
  });
}

std::vector<Example> make_examples(const FloatModel& model, const data::Split& split, ThreadPool& pool) {
  const auto targets = targets_to_fit_on(split, model.info.architecture.items);
  std::vector<Example> examples(targets.size());
  run_in_stretches(targets.size(), pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    FloatSession session(model.weights);
    std::size_t observed = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const auto& [user, event] = targets[i];
      if (i == begin || targets[i - 1].user != user) {
        session.reset();
        observed = 0;
      }
      const auto items = split.log().items_of(user);
      while (observed < event) session.observe(items[observed++]);
      Example& example = examples[i];
      example.logits.resize(model.info.architecture.items);
      session.network_scores({example.logits.data(), static_cast<std::size_t>(example.logits.size())});
      if (model.weights.history) {
        const auto evidence = session.history().evidence();
        example.evidence.assign(evidence.begin(), evidence.end());
      }
      const std::size_t recent = std::min(event, count_expert_events);
      example.recent = items.subspan(event - recent, recent);
      example.target = items[event];
    }
  });
  return examples;
}

void look_up_counts(const std::optional<CountExpert>& expert, std::size_t items, std::vector<Example>& examples,
                    ThreadPool& pool) {
  run_in_stretches(examples.size(), pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    CountLookup lookup(expert ? &*expert : nullptr, static_cast<std::uint32_t>(items));
    for (std::size_t i = begin; i < end; ++i) {
      const auto counts = lookup.counts(examples[i].recent);
      examples[i].counts.assign(counts.begin(), counts.end());
    }
  });
}

// A count's place on the curve: `share` of the way from knot to knot + 1.
struct CurvePlace {
  std::size_t knot;
  double share;
};
CurvePlace curve_place(std::uint32_t count) noexcept {
  const int octave = static_cast<int>(std::bit_width(count)) - 1;
  return {static_cast<std::size_t>(octave), std::ldexp(static_cast<double>(count), -octave) - 1};
}

double bonus(const Parameters& p, const ItemEvidence& e) {
  return p[age_bucket(e.age)] + p[occurrences_at + count_bucket(e.count)] + (e.follows ? p[follow_at] : 0.0);
}
double bonus(const Parameters& p, const ItemCount& c) {
  const auto [knot, share] = curve_place(c.count);
  return p[curve_at + knot] * (1 - share) + p[curve_at + knot + 1] * share;
}

Eigen::Map<const Eigen::ArrayXf> array_of(const std::vector<float>& values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

// Adds the gradient of one example's cross-entropy; returns that.
double add_gradient(const Example& example, const ItemPopularity& popularity, const Parameters& p,
                    Eigen::ArrayXf& probabilities, Parameters& gradient) {
  const auto overall = array_of(popularity.overall);
  const auto lately = array_of(popularity.lately);
  probabilities = static_cast<float>(p[temperature_at]) * example.logits +
                  static_cast<float>(p[popularity_at]) * overall + static_cast<float>(p[lately_at]) * lately;
  for (const auto& e : example.evidence) probabilities[e.item] += static_cast<float>(bonus(p, e));
  for (const auto& c : example.counts) probabilities[c.item] += static_cast<float>(bonus(p, c));
  probabilities = (probabilities - probabilities.maxCoeff()).exp();
  probabilities /= probabilities.sum();
  const auto target = static_cast<Eigen::Index>(example.target);
  const auto add_feature = [&](std::size_t at, const auto& feature) {
    gradient[at] += static_cast<double>((probabilities * feature).sum() - feature[target]);
  };
  add_feature(temperature_at, example.logits);
  add_feature(popularity_at, overall);
  add_feature(lately_at, lately);
  const auto error_of = [&](ItemIndex item) {
    return static_cast<double>(probabilities[item]) - (item == example.target ? 1.0 : 0.0);
  };
  for (const auto& e : example.evidence) {
    const double error = error_of(e.item);
    gradient[age_bucket(e.age)] += error;
    gradient[occurrences_at + count_bucket(e.count)] += error;
    if (e.follows) gradient[follow_at] += error;
  }
  for (const auto& c : example.counts) {
    const double error = error_of(c.item);
    const auto [knot, share] = curve_place(c.count);
    gradient[curve_at + knot] += error * (1 - share);
    gradient[curve_at + knot + 1] += error * share;
  }
  constexpr float smallest = std::numeric_limits<float>::min();
  return -std::log(static_cast<double>(std::max(probabilities[target], smallest)));
}

void add_prior_gradient(const Parameters& p, Parameters& gradient) {
  for (std::size_t i = 0; i < temperature_at; ++i) gradient[i] += p[i] / (value_deviation * value_deviation);
  gradient[temperature_at] += p[temperature_at] - 1.0;
  for (const std::size_t at : {popularity_at, lately_at})
    gradient[at] += p[at] / (popularity_deviation * popularity_deviation);
  const auto keep_alike = [&](std::size_t begin, std::size_t end, double deviation) {
    for (std::size_t i = begin; i + 1 < end; ++i) {
      const double pull = (p[i] - p[i + 1]) / (deviation * deviation);
      gradient[i] += pull;
      gradient[i + 1] -= pull;
    }
  };
  keep_alike(0, age_buckets, neighbour_deviation);
  keep_alike(curve_at, curve_at + count_curve_knots, knot_deviation);
}

class Fit {
 public:
  Fit(const std::vector<Example>& examples, const ItemPopularity& popularity, ThreadPool& pool)
      : examples_(examples), popularity_(popularity), pool_(pool) {}

  // Returns the mean cross-entropy under p; gradient: of the sum.
  double evaluate(const Parameters& p, Parameters& gradient) {
    struct Partial {
      Parameters gradient{};
      double loss = 0;
    };
    std::vector<Partial> partial((examples_.size() + targets_per_job - 1) / targets_per_job);
    run_in_stretches(examples_.size(), pool_, [&](std::size_t number, std::size_t begin, std::size_t end) {
      Eigen::ArrayXf probabilities;
      for (std::size_t i = begin; i < end; ++i) {
        partial[number].loss += add_gradient(examples_[i], popularity_, p, probabilities, partial[number].gradient);
      }
    });
    double loss = 0;
    for (const Partial& part : partial) {
      loss += part.loss;
      for (std::size_t i = 0; i < parameter_count; ++i) gradient[i] += part.gradient[i];
    }
    return loss / static_cast<double>(examples_.size());
  }

  Parameters minimise() {
    constexpr double beta1 = 0.8;
    constexpr double beta2 = 0.95;
    Parameters p{};
    p[temperature_at] = 1.0;
    Parameters first{};
    Parameters second{};
    double power1 = 1;
    double power2 = 1;
    for (int iteration = 0; iteration < iterations; ++iteration) {
      Parameters gradient{};
      evaluate(p, gradient);
      add_prior_gradient(p, gradient);
      gradient[occurrences_at] = 0;
      power1 *= beta1;
      power2 *= beta2;
      const double rate = learning_rate * (1.0 - static_cast<double>(iteration) / iterations);
      for (std::size_t i = 0; i < parameter_count; ++i) {
        const double g = gradient[i] / static_cast<double>(examples_.size());
        first[i] = beta1 * first[i] + (1 - beta1) * g;
        second[i] = beta2 * second[i] + (1 - beta2) * g * g;
        p[i] -= rate * (first[i] / (1 - power1)) / (std::sqrt(second[i] / (1 - power2)) + 1e-8);
      }
      p[temperature_at] = std::clamp(p[temperature_at], 0.25, 4.0);
    }
    return p;
  }

 private:
  const std::vector<Example>& examples_;
  const ItemPopularity& popularity_;
  ThreadPool& pool_;
};

std::int32_t to_score(double logits) {
  return static_cast<std::int32_t>(std::nearbyint(std::ldexp(std::clamp(logits, -1000.0, 1000.0), score_bits)));
}

// Looks the examples' counts up and fits; what the examples know of the network stays as it is.
double fit_to(std::vector<Example>& examples, FloatModel& model, const ItemPopularity& popularity, ThreadPool& pool) {
  look_up_counts(model.weights.counts, model.info.architecture.items, examples, pool);
  Fit fit(examples, popularity, pool);
  const Parameters p = fit.minimise();
  Parameters unused{};
  const double cross_entropy = fit.evaluate(p, unused);

  FloatWeights& weights = model.weights;
  const auto value = [&p](std::size_t i) { return to_score(p[i] / p[temperature_at]); };
  if (auto& term = weights.history) {
    for (std::size_t i = 0; i < age_buckets; ++i) term->age[i] = value(i);
    for (std::size_t i = 0; i < count_buckets; ++i) term->count[i] = value(occurrences_at + i);
    term->follow = value(follow_at);
  }
  if (weights.counts) {
    for (std::size_t k = 0; k < count_curve_knots; ++k) weights.counts->curve[k] = value(curve_at + k);
  }
  const auto overall = static_cast<float>(p[popularity_at] / p[temperature_at]);
  const auto lately = static_cast<float>(p[lately_at] / p[temperature_at]);
  for (std::size_t i = 0; i < weights.head_bias.size(); ++i) {
    weights.head_bias[i] += overall * popularity.overall[i] + lately * popularity.lately[i];
  }
  return cross_entropy;
}

}  // namespace

double fit_head_terms(FloatModel& model, const data::Split& split, ThreadPool& pool) {
  auto examples = make_examples(model, split, pool);
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
  auto examples = make_examples(model, split, pool);
  const ItemPopularity popularity = item_popularity(split);
  FloatWeights best;
  double lowest = std::numeric_limits<double>::infinity();
  const FloatWeights before = model.weights;
  for (CountTableOptions table : {forward_counts, wide_counts}) {
    table.neighbours = options.count_neighbours;
    model.weights = before;
    model.weights.counts = make_count_table(split, table);
    const double cross_entropy = fit_to(examples, model, popularity, pool);
    if (cross_entropy >= lowest) continue;
    lowest = cross_entropy;
    best = std::move(model.weights);
  }
  model.weights = std::move(best);
}

}  // namespace sotto::train
