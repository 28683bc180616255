#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/numeric/internal/scalar_exp.hpp>
#include <sotto/personal/item_passes.hpp>
#include <sotto/personal/personal_session.hpp>

#include <algorithm>

namespace sotto {
namespace {

constexpr float memory_rate = 0.03F;
constexpr float most_addition = 20.0F;  // of log-odds, either way
constexpr float score_unit = 1.0F / (1 << score_bits);
constexpr float never = -1e9F;  // a logit whose probability is 0
constexpr float most_amount = 1e9F;
constexpr float least_sum = 1e-6F;  // of probabilities, which rounding may have taken below 0

}  // namespace

PersonalSession::PersonalSession(const Engine& engine, const PersonalOptions& options)
    : engine_(&engine),
      options_(options),
      temperature_(engine.memory() ? static_cast<float>(engine.memory()->temperature) * score_unit : 1.0F),
      session_(engine),
      memory_(engine.architecture().items),
      taste_(engine, temperature_,
             engine.memory() ? std::span(engine.memory()->direction) : std::span<const std::int8_t>()),
      context_(engine.architecture().items),
      additions_(history_capacity),
      moves_(engine.architecture().items),
      expected_(round_up(engine.architecture().items, float_tile)),
      probabilities_(round_up(engine.architecture().items, float_tile)),
      scores_(engine.architecture().items) {
  reset();
}

Status PersonalSession::recall(std::span<const ItemIndex> items, std::span<const std::int64_t> times) {
  if (auto status = session_.check_items(items); !status) return status;
  relearn_all();
  for (std::size_t i = 0; i < items.size(); ++i) remember(items[i], times[i]);
  return Ok{};
}

void PersonalSession::remember(ItemIndex item, std::int64_t time) noexcept {
  (void)session_.observe(item);
  memory_.observe(item, time);
  if (has_softmax()) taste_.observe(item, session_.head_input());
  expected_valid_ = false;
  moves_valid_ = false;
}

Status PersonalSession::feedback(ItemIndex item, FeedbackKind kind, float amount, std::int64_t time) {
  if (auto status = session_.check_items({&item, 1}); !status) return status;
  if (!(amount >= -most_amount && amount <= most_amount)) {
    return Error{ErrorCode::invalid_argument, "the amount of a feedback is not a number that can be meant"};
  }
  relearn_all();
  time = std::clamp(time, -most_seconds, most_seconds);
  const float weight = options_.weights[kind];
  switch (kind) {
    case FeedbackKind::impression: impressions_.add(item); break;
    case FeedbackKind::click: choose(item, weight, time); break;
    case FeedbackKind::dwell:
      reinforce(item, weight * std::clamp(amount / full_dwell_seconds, 0.0F, 1.0F), time);
      break;
    case FeedbackKind::rating: {
      const float share = weight * std::clamp(amount, -1.0F, 1.0F);
      amount < 0 ? reinforce(item, share, time) : choose_or_reinforce(item, share, time);
      break;
    }
    case FeedbackKind::cart:
    case FeedbackKind::favourite:
    case FeedbackKind::purchase: choose_or_reinforce(item, weight, time); break;
    case FeedbackKind::dismiss: hide(item, weight, time, time + dismissal_seconds); break;
    case FeedbackKind::not_this: hide(item, weight, time, hidden_for_ever); break;
  }
  return Ok{};
}

// Whether this visit's latest event was on the item: what the user does with it then is about that event.
bool PersonalSession::is_at(ItemIndex item, std::int64_t time) const noexcept {
  return !memory_.events().empty() && memory_.events().back() == item &&
         time - memory_.times().back() < visit_gap_seconds;
}

void PersonalSession::choose_or_reinforce(ItemIndex item, float share, std::int64_t time) noexcept {
  if (is_at(item, time)) {
    reinforce(item, share, time);
  } else {
    choose(item, share, time);
  }
}

void PersonalSession::choose(ItemIndex item, float share, std::int64_t time) noexcept {
  hidden_.show(item);
  impressions_.remove(item);
  if (learns()) {
    gate_.update(predict_each(item, time));
    std::array<LessonShare, 1 + impressions_capacity> lesson{{{item, share}}};
    std::size_t size = 1;
    const float passed_over = options_.weights[FeedbackKind::impression];
    if (passed_over > 0) {
      const auto shown = impressions_.items();
      for (const ItemIndex other : shown) lesson[size++] = {other, -passed_over / static_cast<float>(shown.size())};
    }
    learn(Lesson(lesson).first(size));
  } else if (context_.is_believed()) {
    to_probabilities(session_.scores(), probabilities_);
  }
  if (context_.is_believed()) context_.update(probabilities_.span(), item);
  impressions_.clear();
  remember(item, time);
}

// More of what the latest event taught, or the opposite: about the item alone, not about what comes next, so that
// memory and gate have no part in it.
void PersonalSession::reinforce(ItemIndex item, float share, std::int64_t time) noexcept {
  if (!learns() || share == 0 || !options_.taste) return;
  (void)predict_each(item, time);
  const LessonShare lesson{item, share};
  learn_taste({&lesson, 1});
}

// Said twice it teaches once.
void PersonalSession::hide(ItemIndex item, float share, std::int64_t time, std::int64_t until) noexcept {
  impressions_.remove(item);
  if (!hidden_.contains(item)) reinforce(item, -share, time);
  hidden_.hide(item, until);
}

Status PersonalSession::show(ItemIndex item) {
  if (auto status = session_.check_items({&item, 1}); !status) return status;
  hidden_.show(item);
  return Ok{};
}

std::span<const std::int32_t> PersonalSession::scores(std::int64_t now) noexcept {
  if (!adds_to_scores()) return session_.scores();
  const auto scores = scores_.span().first(engine_->architecture().items);
  if (learns()) {
    const bool gated = options_.gate;
    score_by_taste(gated ? gate_.taste_share() : 1.0F);
    weigh_evidence(now);
    add_memory(gated ? gate_.memory_share() : 1.0F);
  } else {
    std::ranges::copy(session_.scores(), scores.begin());
  }
  if (context_.is_believed()) {
    to_probabilities(scores, probabilities_);
    context_.add_to(scores, probabilities_.span(), 1.0F / (score_unit * temperature_));
  }
  return scores;
}

Status PersonalSession::set_weight(FeedbackKind kind, float weight) {
  if (!(weight >= 0 && weight <= most_feedback_weight)) {
    return Error{ErrorCode::invalid_argument, "the weight of a kind of feedback is not a number from 0 to 10"};
  }
  options_.weights.of[static_cast<std::size_t>(kind)] = weight;
  return Ok{};
}

Status PersonalSession::set_context(std::span<const ItemIndex> items, float belief) {
  if (auto status = session_.check_items(items); !status) return status;
  if (!(belief >= 0 && belief <= 1)) {
    return Error{ErrorCode::invalid_argument, "the belief in a context is not a number from 0 to 1"};
  }
  if (has_softmax()) context_.set(items, belief);
  return Ok{};
}

Status PersonalSession::candidate_scores(std::int64_t now, std::span<const ItemIndex> candidates,
                                         std::span<std::int32_t> logits) {
  if (!adds_to_scores()) return session_.candidate_scores(candidates, logits);
  if (auto status = session_.check_items(candidates); !status) return status;
  const auto all = scores(now);
  for (std::size_t c = 0; c < candidates.size(); ++c) logits[c] = all[candidates[c]];
  return Ok{};
}

// What each of the gate's predictors gives to an item; of the last, with both, all probabilities are there afterwards.
Gate::Weights PersonalSession::predict_each(ItemIndex item, std::int64_t now) noexcept {
  score_by_taste(1.0F);
  to_probabilities(scores_.span().first(engine_->architecture().items), probabilities_);
  weigh_evidence(now);
  float memory_sum = 1;
  float both_sum = 1;
  float factor_of_item = 1;
  for (std::size_t e = 0; e < evidence_.size(); ++e) {
    const ItemIndex remembered = evidence_[e].item;
    const float factor = exp_f32(additions_[e]);
    if (remembered == item) factor_of_item = factor;
    memory_sum += expected_.data()[remembered] * (factor - 1.0F);
    both_sum += probabilities_.data()[remembered] * (factor - 1.0F);
    additions_[e] = factor;
  }
  const float base = expected_.data()[item];
  const float with_taste = probabilities_.data()[item];
  const float with_memory = base * factor_of_item / std::max(memory_sum, least_sum);
  for (std::size_t e = 0; e < evidence_.size(); ++e) probabilities_.data()[evidence_[e].item] *= additions_[e];
  const float scale = 1.0F / std::max(both_sum, least_sum);
  multiply(probabilities_.span(), scale);
  return {base, with_memory, with_taste, probabilities_.data()[item]};
}

// The model's own scores and what the taste says, taken by a share.
void PersonalSession::score_by_taste(float share) noexcept {
  const auto base = session_.scores();
  if (!options_.taste) {
    std::ranges::copy(base, scores_.data());
    return;
  }
  if (!moves_valid_) session_.head_products(taste_.at(session_.head_input()), moves_.span());
  moves_valid_ = true;
  add_share(base, moves_.span().first(base.size()), share, scores_.span().first(base.size()));
}

// The memory's evidence at a moment with what it adds to its items' log-odds, and what the model itself expects.
void PersonalSession::weigh_evidence(std::int64_t now) noexcept {
  if (!expected_valid_) to_probabilities(session_.scores(), expected_);
  expected_valid_ = true;
  evidence_ = {};
  if (options_.memory) evidence_ = memory_.evidence(now, expected_.span());
  for (std::size_t e = 0; e < evidence_.size(); ++e) {
    float sum = 0;
    for (const std::uint16_t w : evidence_[e].weight) sum += memory_weight_[w];
    additions_[e] = std::clamp(sum, -most_addition, most_addition);
  }
}

void PersonalSession::add_memory(float share) noexcept {
  const float to_score = share / (score_unit * temperature_);
  for (std::size_t e = 0; e < evidence_.size(); ++e) {
    const float by = additions_[e] * to_score;
    std::int32_t& logit = scores_.data()[evidence_[e].item];
    logit = saturate<std::int32_t>(logit + static_cast<std::int64_t>(by < 0 ? by - 0.5F : by + 0.5F));
  }
}

void PersonalSession::to_probabilities(std::span<const std::int32_t> scores,
                                       AlignedBuffer<float>& probabilities) noexcept {
  const float scale = temperature_ * score_unit;
  float* values = probabilities.data();
  scale_scores(scores, scale, probabilities.span());
  std::fill(values + scores.size(), values + probabilities.size(), never);
  engine_->kernels().softmax_f32(values, probabilities.size());
}

// Gradient steps from the personal prediction, whose probabilities are there.
void PersonalSession::learn(Lesson lesson) noexcept {
  const float mass = sum_of_shares(lesson);
  for (const MemoryEvidence& evidence : evidence_) {
    const auto taught = std::ranges::find(lesson, evidence.item, &LessonShare::item);
    const float target = taught == lesson.end() ? 0.0F : taught->share;
    const float error = mass * probabilities_.data()[evidence.item] - target;
    for (const std::uint16_t w : evidence.weight) memory_weight_[w] -= memory_rate * error;
  }
  if (options_.taste) learn_taste(lesson);
}

void PersonalSession::learn_taste(Lesson lesson) noexcept {
  taste_.learn(probabilities_.span().first(engine_->architecture().items), lesson);
  moves_valid_ = false;
}

RecommendOptions PersonalSession::hiding_at(std::int64_t now, RecommendOptions options) noexcept {
  options.hidden = hidden_.at(now);
  return options;
}

std::size_t PersonalSession::recommend(std::int64_t now, const RecommendOptions& options,
                                       std::span<ScoredItem> best) noexcept {
  if (!adds_to_scores()) return recommend_base(now, options, best);
  return session_.recommend_by(scores(now), hiding_at(now, options), best);
}

std::size_t PersonalSession::recommend_base(std::int64_t now, const RecommendOptions& options,
                                            std::span<ScoredItem> best) noexcept {
  return session_.recommend(hiding_at(now, options), best);
}

void PersonalSession::reset() noexcept {
  clear_waiting();
  session_.reset();
  expected_valid_ = false;
  memory_.clear();
  gate_.clear();
  hidden_.clear();
  impressions_.clear();
  context_.clear();
  learning_ = true;
  moves_valid_ = false;
  memory_weight_.fill(0);
  Taste::Parts parts{};
  if (const auto& begin = engine_->memory()) {
    for (std::size_t w = 0; w < memory_weights; ++w) {
      memory_weight_[w] = static_cast<float>(begin->weight[w]) * score_unit;
    }
    for (std::size_t k = 0; k < recent_means; ++k) parts[k] = static_cast<float>(begin->recent[k]) * score_unit;
  }
  taste_.clear(parts);
}

}  // namespace sotto
