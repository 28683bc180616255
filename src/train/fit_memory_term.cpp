#include <sotto/numeric/formats.hpp>
#include <sotto/personal/memory.hpp>
#include <sotto/runtime/session.hpp>
#include <sotto/train/fit_memory_term.hpp>
#include <sotto/train/fit_monitor.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace sotto::train {
namespace {

constexpr std::uint64_t passes = 4;  // after one for the temperature
constexpr double weight_rate = 0.3;
constexpr double temperature_rate = 0.05;
// Of AdaGrad's sums: a weight that few events speak of moves little.
constexpr double first_weight_square = 1;
constexpr double first_temperature_square = 1e-8;
constexpr double most_addition = 20;   // of log-odds, as on the device
// Of a pass: targets, and targets · items.
constexpr std::uint64_t most_targets = 50'000;
constexpr std::uint64_t most_scores = 2'000'000'000;

// One number that AdaGrad moves.
struct Number {
  double value = 0;
  double squares = 0;

  void step(double gradient, double rate) {
    if (gradient == 0) return;
    squares += gradient * gradient;
    value -= rate * gradient / std::sqrt(squares);
  }
};

std::vector<std::size_t> choose_users(const data::Split& split, std::uint64_t items) {
  std::vector<std::size_t> users;
  std::uint64_t targets = 0;
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    if (split.validation_targets(user).empty()) continue;
    users.push_back(user);
    targets += split.validation_targets(user).size();
  }
  if (targets < min_head_term_targets) return {};
  const std::uint64_t most = std::clamp<std::uint64_t>(most_scores / items, min_head_term_targets, most_targets);
  const std::size_t every = static_cast<std::size_t>((targets + most - 1) / most);
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < users.size(); i += every) chosen.push_back(users[i]);
  return chosen;
}

class Fit {
 public:
  Fit(const FixedModel& model, const data::Split& split)
      : split_(split), engine_(model, 0), session_(engine_), memory_(engine_.architecture().items) {
    temperature_ = {.value = 1, .squares = first_temperature_square};
    weights_.fill({.value = 0, .squares = first_weight_square});
    probabilities_.resize(round_up(engine_.architecture().items, float_tile));
  }

  // By the model alone. Comes before all else, which is about probabilities.
  void fit_temperature(std::size_t user) {
    const auto items = split_.log().items_of(user);
    const data::EventRange targets = split_.validation_targets(user);
    session_.reset();
    (void)session_.observe_all(items.first(targets.begin));
    for (std::size_t event = targets.begin; event < targets.end; ++event) {
      learn_temperature(items[event]);
      (void)session_.observe(items[event]);
    }
  }

  void fit_weights(std::size_t user) {
    const auto items = split_.log().items_of(user);
    const auto times = split_.log().times_of(user);
    const data::EventRange targets = split_.validation_targets(user);
    session_.reset();
    memory_.clear();
    (void)session_.observe_all(items.first(targets.begin));
    for (std::size_t event = 0; event < targets.begin; ++event) memory_.observe(items[event], times[event]);
    for (std::size_t event = targets.begin; event < targets.end; ++event) {
      learn_weights(items[event], times[event]);
      (void)session_.observe(items[event]);
      memory_.observe(items[event], times[event]);
    }
  }

  [[nodiscard]] MemoryTerm term() const {
    const auto fixed = [](double value) {
      return static_cast<std::int32_t>(std::nearbyint(std::ldexp(std::clamp(value, -1000.0, 1000.0), score_bits)));
    };
    MemoryTerm term;
    term.temperature = fixed(temperature_.value);
    for (std::size_t w = 0; w < memory_weights; ++w) term.weight[w] = fixed(weights_[w].value);
    return term;
  }

 private:
  [[nodiscard]] double addition(const MemoryEvidence& evidence) const {
    double sum = 0;
    for (const std::uint16_t w : evidence.weight) sum += weights_[w].value;
    return std::clamp(sum, -most_addition, most_addition);
  }

  void predict() {
    constexpr float unit = 1.0F / (1 << score_bits);
    const auto scores = session_.scores();
    const auto scale = static_cast<float>(temperature_.value) * unit;
    std::ranges::transform(scores, probabilities_.begin(),
                           [=](auto score) { return static_cast<float>(score) * scale; });
    std::fill(probabilities_.begin() + static_cast<std::ptrdiff_t>(scores.size()), probabilities_.end(), -1e9F);
    engine_.kernels().softmax_f32(probabilities_.data(), probabilities_.size());
  }

  // A step on the cross-entropy.
  void learn_temperature(ItemIndex target) {
    predict();
    const auto scores = session_.scores();
    double expected = 0;
    for (std::size_t i = 0; i < scores.size(); ++i)
      expected += static_cast<double>(probabilities_[i]) * static_cast<double>(scores[i]);
    temperature_.step(std::ldexp(expected - static_cast<double>(scores[target]), -score_bits), temperature_rate);
    temperature_.value = std::clamp(temperature_.value, std::ldexp(min_memory_temperature, -score_bits),
                                    std::ldexp(max_memory_temperature, -score_bits));
  }

  // A step on that of the model as the memory moves it.
  void learn_weights(ItemIndex target, std::int64_t time) {
    predict();
    const auto evidence = memory_.evidence(time, probabilities_);
    double normaliser = 1;
    moved_.clear();
    for (const MemoryEvidence& e : evidence) {
      const double base = static_cast<double>(probabilities_[e.item]);
      moved_.push_back(base * std::exp(addition(e)));
      normaliser += moved_.back() - base;
    }
    normaliser = std::max(normaliser, 1e-6);
    gradient_.fill(0);
    for (std::size_t i = 0; i < evidence.size(); ++i) {
      const double error = moved_[i] / normaliser - (evidence[i].item == target ? 1 : 0);
      for (const std::uint16_t w : evidence[i].weight) gradient_[w] += error;
    }
    for (std::size_t w = 0; w < memory_weights; ++w) weights_[w].step(gradient_[w], weight_rate);
  }

  const data::Split& split_;
  Engine engine_;
  Session session_;
  Memory memory_;
  Number temperature_;
  std::array<Number, memory_weights> weights_;
  std::array<double, memory_weights> gradient_{};
  std::vector<float> probabilities_;  // [items, padded]
  std::vector<double> moved_;         // of each evidence: base probability · factor
};

}  // namespace

std::optional<MemoryTerm> fit_memory_term(const FixedModel& model, const data::Split& split, const FitHooks& hooks) {
  if (model.info.architecture.head != HeadKind::softmax) return std::nullopt;
  const std::vector<std::size_t> users = choose_users(split, model.info.architecture.items);
  if (users.empty()) return std::nullopt;
  std::uint64_t targets = 0;
  for (const std::size_t user : users) targets += split.validation_targets(user).size();
  FitMonitor monitor(hooks);
  monitor.begin(FitStage::memory, (1 + passes) * targets);
  Fit fit(model, split);
  for (std::uint64_t pass = 0; pass < 1 + passes; ++pass) {
    for (const std::size_t user : users) {
      if (monitor.stopped()) return std::nullopt;
      pass == 0 ? fit.fit_temperature(user) : fit.fit_weights(user);
      monitor.done(split.validation_targets(user).size());
    }
  }
  monitor.report();
  return fit.term();
}

}  // namespace sotto::train
