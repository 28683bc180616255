#include <sotto/base/aligned_buffer.hpp>
#include <sotto/fit/adapter_directions.hpp>
#include <sotto/fit/fit_memory_term.hpp>
#include <sotto/fit/fit_monitor.hpp>
#include <sotto/numeric/formats.hpp>
#include <sotto/personal/event_times.hpp>
#include <sotto/personal/internal/item_passes.hpp>
#include <sotto/personal/internal/memory_prediction.hpp>
#include <sotto/personal/memory_lookup.hpp>
#include <sotto/personal/taste.hpp>
#include <sotto/runtime/owning_session.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace sotto::fit {
namespace {

constexpr std::uint64_t passes = 4;  // after one pass for the temperature
constexpr double weight_rate = 0.3;
constexpr double temperature_rate = 0.05;
// The start value of AdaGrad's sums. A weight that few events use changes little.
constexpr double first_weight_square = 1;
constexpr double first_square = 1e-8;  // start value for the other numbers
constexpr double part_rate = 0.05;
// The limits of one pass: targets, and targets · items.
constexpr std::uint64_t max_targets = 50'000;
constexpr std::uint64_t max_scores = 2'000'000'000;

// One number that AdaGrad changes.
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
  const std::uint64_t limit = std::clamp<std::uint64_t>(max_scores / items, min_head_term_targets, max_targets);
  const std::size_t every = static_cast<std::size_t>((targets + limit - 1) / limit);
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < users.size(); i += every) chosen.push_back(users[i]);
  return chosen;
}

class Fit {
 public:
  Fit(const FixedModel& model, const data::Split& split)
      : split_(split),
        engine_(model, 0),
        direction_(adapter_directions(engine_)),
        session_(engine_),
        memory_lookup_(engine_.architecture().items),
        expected_(round_up(engine_.architecture().items, float_tile)),
        probabilities_(expected_.size()),
        moves_(engine_.architecture().items),
        moved_(engine_.architecture().items) {
    temperature_ = {.value = 1, .squares = first_square};
    weights_.fill({.value = 0, .squares = first_weight_square});
    parts_.fill({.value = 0, .squares = first_square});
  }

  // Fits the temperature with the model alone. It precedes all other fits, because they use probabilities.
  void fit_temperature(std::size_t user) {
    const auto items = split_.log().items_of(user);
    const data::EventRange targets = split_.validation_targets(user);
    session_.reset();
    session_.observe_known(items.first(targets.begin));
    for (std::size_t event = targets.begin; event < targets.end; ++event) {
      learn_temperature(items[event]);
      session_.observe_known(items.subspan(event, 1));
    }
  }

  void begin_taste() { tastes_.emplace(engine_, static_cast<float>(temperature_.value), direction_); }

  void fit_weights_and_parts(std::size_t user) {
    const auto items = split_.log().items_of(user);
    const auto times = split_.log().times_of(user);
    const data::EventRange targets = split_.validation_targets(user);
    session_.reset();
    times_.clear();
    TasteParts parts{};
    for (std::size_t k = 0; k < recent_means; ++k) parts[k] = static_cast<float>(parts_[k].value);
    tastes_->user.clear(parts);
    for (std::size_t event = 0; event < targets.end; ++event) {
      const std::int64_t time = clamp_seconds(times[event]);
      if (event >= targets.begin) learn_event(items[event], time);
      session_.observe_known(items.subspan(event, 1));
      times_.observe(time);
      tastes_->learner().observe(items[event], session_.state().head_input());
    }
  }

  [[nodiscard]] MemoryTerm term() const {
    const auto fixed = [](double value) {
      return static_cast<std::int32_t>(std::nearbyint(std::ldexp(std::clamp(value, -1000.0, 1000.0), score_bits)));
    };
    MemoryTerm term;
    term.temperature = fixed(temperature_.value);
    for (std::size_t w = 0; w < memory_weights; ++w) term.weight[w] = fixed(weights_[w].value);
    for (std::size_t k = 0; k < recent_means; ++k) term.recent[k] = fixed(parts_[k].value);
    term.direction = direction_;
    return term;
  }

 private:
  // The tastes' constants, which are known once the temperature is fitted, and one user's taste.
  struct Tastes {
    Tastes(const Engine& engine, float temperature, std::span<const std::int8_t> directions)
        : model(engine, temperature, directions), user(model), workspace(model) {}
    [[nodiscard]] TasteLearner learner() noexcept { return {model, user, workspace}; }
    TasteModel model;
    Taste user;
    TasteWorkspace workspace;
  };

  void predict(std::span<const std::int32_t> scores, AlignedBuffer<float>& probabilities) const {
    to_probabilities(engine_.kernels(), scores, static_cast<float>(temperature_.value), probabilities.span());
  }

  // Takes a step on the cross-entropy.
  void learn_temperature(ItemIndex target) {
    const auto scores = session_.scores();
    predict(scores, expected_);
    double expected = 0;
    for (std::size_t i = 0; i < scores.size(); ++i)
      expected += static_cast<double>(expected_[i]) * static_cast<double>(scores[i]);
    temperature_.step(std::ldexp(expected - static_cast<double>(scores[target]), -score_bits), temperature_rate);
    temperature_.value = std::clamp(temperature_.value, std::ldexp(min_memory_temperature, -score_bits),
                                    std::ldexp(max_memory_temperature, -score_bits));
  }

  void learn_event(ItemIndex target, std::int64_t time) {
    predict(session_.scores(), expected_);
    const auto evidence = memory_lookup_.evidence({session_.state().history(), times_.all()}, time, expected_.span());
    factor_.clear();
    for (const MemoryEvidence& e : evidence) {
      factor_.push_back(std::exp(memory_addition<double>(e, [&](std::uint16_t w) { return weights_[w].value; })));
    }
    learn_weights(evidence, target);
    learn_parts(evidence, target);
  }

  // Takes a step on the cross-entropy of the model with the memory. The taste is left out, because the gate may give it
  // no weight. If the weights are fitted to both at once, the memory alone gains half as much on one of four public
  // logs, and both together gain no more.
  void learn_weights(std::span<const MemoryEvidence> evidence, ItemIndex target) {
    const double sum = memory_normalizer<double>(evidence, factor_, expected_.span());
    gradient_.fill(0);
    for (std::size_t e = 0; e < evidence.size(); ++e) {
      const ItemIndex item = evidence[e].item;
      const double error = static_cast<double>(expected_[item]) * factor_[e] / sum - (item == target ? 1 : 0);
      for (const std::uint16_t w : evidence[e].weight) gradient_[w] += error;
    }
    for (std::size_t w = 0; w < memory_weights; ++w) weights_[w].step(gradient_[w], weight_rate);
  }

  // Takes a step on the cross-entropy of the model with both, while the taste learns as it does on the device.
  void learn_parts(std::span<const MemoryEvidence> evidence, ItemIndex target) {
    TasteLearner taste = tastes_->learner();
    session_.head_products(taste.at(session_.state().head_input()), moves_);
    add_share(session_.scores(), moves_, 1.0F, moved_);
    predict(moved_, probabilities_);
    move_by_memory<double>(evidence, factor_, memory_normalizer<double>(evidence, factor_, probabilities_.span()),
                           probabilities_.span());
    const LessonShare lesson{target, 1.0F};
    taste.learn(probabilities_.span().first(moved_.size()), {&lesson, 1});
    for (std::size_t k = 0; k < recent_means; ++k) {
      const double before = parts_[k].value;
      parts_[k].step(static_cast<double>(tastes_->workspace.parts_gradient()[k]), part_rate);
      tastes_->user.move_part(k, static_cast<float>(parts_[k].value - before));
    }
  }

  const data::Split& split_;
  Engine engine_;
  std::vector<std::int8_t> direction_;
  OwningSession session_;
  EventTimes times_;  // times of the session's events
  MemoryLookup memory_lookup_;
  std::optional<Tastes> tastes_;
  Number temperature_;
  std::array<Number, memory_weights> weights_{};
  std::array<Number, recent_means> parts_{};
  std::array<double, memory_weights> gradient_{};
  std::vector<double> factor_;  // for the item of each evidence
  AlignedBuffer<float> expected_;  // [items, padded]: the model's own probabilities
  AlignedBuffer<float> probabilities_;  // [items, padded]: probabilities with memory and taste
  std::vector<std::int32_t> moves_;  // [items]: the taste's changes of the scores
  std::vector<std::int32_t> moved_;  // [items]: the changed scores
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
    if (pass == 1) fit.begin_taste();
    for (const std::size_t user : users) {
      if (monitor.stopped()) return std::nullopt;
      pass == 0 ? fit.fit_temperature(user) : fit.fit_weights_and_parts(user);
      monitor.done(split.validation_targets(user).size());
    }
  }
  monitor.report();
  return fit.term();
}

void add_memory_term(const std::optional<MemoryTerm>& term, FloatModel& model, FixedModel& fixed) {
  std::optional<MemoryTerm> own = term;
  if (own) own->direction = adapter_directions(Engine(fixed, 0));
  model.weights.memory = fixed.weights.memory = std::move(own);
  model.info.architecture.memory_term = fixed.info.architecture.memory_term = term.has_value();
}

}  // namespace sotto::fit
