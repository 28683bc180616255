#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/numeric/internal/scalar_exp.hpp>
#include <sotto/numeric/internal/scalar_log.hpp>
#include <sotto/personal/internal/item_passes.hpp>
#include <sotto/personal/internal/memory_prediction.hpp>
#include <sotto/personal/personal_session.hpp>

#include <algorithm>
#include <array>

namespace sotto {
namespace {

constexpr float memory_rate = 0.03F;
constexpr float max_amount = 1e9F;

}  // namespace

Status PersonalSession::recall(std::span<const ItemIndex> items, std::span<const std::int64_t> times) {
  if (auto status = engine().check_items(items); !status) return status;
  relearn_all();
  for (std::size_t i = 0; i < items.size(); ++i) remember(items[i], clamp_seconds(times[i]));
  return Ok{};
}

void PersonalSession::remember(ItemIndex item, std::int64_t time) {
  base().observe_known({&item, 1});
  note(item, time);
}

// Updates the user after the engine's step.
void PersonalSession::note(ItemIndex item, std::int64_t time) {
  user_->times_.observe(time);
  if (model_->can_learn()) taste().observe(item, user_->state_.head_input());
}

Status PersonalSession::feedback(ItemIndex item, FeedbackKind kind, float amount, std::int64_t time) {
  if (auto status = engine().check_items({&item, 1}); !status) return status;
  if (!(amount >= -max_amount && amount <= max_amount)) {
    return Error{ErrorCode::invalid_argument, "the amount of a feedback is not a number that can be meant"};
  }
  if (kind == FeedbackKind::rating && !(amount >= -1 && amount <= 1)) {
    return Error{ErrorCode::invalid_argument, "the amount of a rating is outside -1 … 1"};
  }
  relearn_all();
  time = clamp_seconds(time);
  const float weight = user_->weights_[kind];
  switch (kind) {
    case FeedbackKind::impression: user_->impressions_.add(item); break;
    case FeedbackKind::click: choose(item, weight, time); break;
    case FeedbackKind::dwell:
      reinforce(item, weight * std::clamp(amount / full_dwell_seconds, 0.0F, 1.0F), time);
      break;
    case FeedbackKind::rating: {
      const float share = weight * amount;
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

// Tells whether this visit's latest event is on the item. Feedback on the item then belongs to that event.
bool PersonalSession::is_at(ItemIndex item, std::int64_t time) const noexcept {
  const auto history = user_->state_.history();
  return !history.empty() && history.back() == item && time - user_->times().back() < visit_gap_seconds;
}

void PersonalSession::choose_or_reinforce(ItemIndex item, float share, std::int64_t time) {
  if (is_at(item, time)) {
    reinforce(item, share, time);
  } else {
    choose(item, share, time);
  }
}

void PersonalSession::choose(ItemIndex item, float share, std::int64_t time) {
  learn_choice(item, share, time);
  remember(item, time);
}

// Updates the user before the engine's step.
void PersonalSession::learn_choice(ItemIndex item, float share, std::int64_t time) noexcept {
  user_->hidden_.show(item);
  user_->impressions_.remove(item);
  Context& context = user_->context_;
  if (learns()) {
    user_->gate_.update(predict_each(item, time));
    std::array<LessonShare, 1 + impressions_capacity> lesson{{{item, share}}};
    std::size_t size = 1;
    const float passed_over = user_->weights_[FeedbackKind::impression];
    if (passed_over > 0) {
      const auto shown = user_->impressions_.items();
      for (const ItemIndex other : shown) lesson[size++] = {other, -passed_over / static_cast<float>(shown.size())};
    }
    if (model_->follows_trend()) {
      const auto probabilities = work_->probabilities_.span();
      user_->trend_belief_.update(model_->trend().factor(item, model_->trend().mass(probabilities)));
    }
    learn(Lesson(lesson).first(size));
  } else if (context.is_believed()) {
    to_probabilities(engine().kernels(), base_scores(), model_->temperature(), work_->probabilities_.span());
  }
  if (context.is_believed()) context.update(work_->probabilities_.span(), item);
  user_->impressions_.clear();
}

// Reinforces or reverses the lesson of an event. Updates only the taste. The lesson is about the item, not about the
// next item, so that memory and gate do not change.
void PersonalSession::reinforce(ItemIndex item, float share, std::int64_t time) noexcept {
  if (!learns() || share == 0 || !model_->options().taste) return;
  (void)predict_each(item, time);
  const LessonShare lesson{item, share};
  learn_taste({&lesson, 1});
}

// An item that is already hidden gives no further lesson.
void PersonalSession::hide(ItemIndex item, float share, std::int64_t time, std::int64_t until) {
  user_->impressions_.remove(item);
  if (!user_->hidden_.contains(item)) reinforce(item, -share, time);
  user_->hidden_.hide(item, until);
}

std::span<const std::int32_t> PersonalSession::scores(std::int64_t now) noexcept {
  if (!adds_to_scores()) return base_scores();
  score_prediction(now);
  const auto scores = work_->scores_.span();
  if (model_->follows_trend()) add_trend();
  if (user_->context_.is_believed()) {
    to_probabilities(engine().kernels(), scores, model_->temperature(), work_->probabilities_.span());
    user_->context_.add_to(scores, work_->probabilities_.span(), 1.0F / (score_unit * model_->temperature()));
  }
  return scores;
}

// Writes the logits before trend and context into the workspace.
void PersonalSession::score_prediction(std::int64_t now) noexcept {
  if (!learns()) {
    std::ranges::copy(base_scores(), work_->scores_.span().begin());
    return;
  }
  const bool gated = model_->options().gate;
  score_by_taste(gated ? user_->gate_.taste_share() : 1.0F);
  weigh_evidence(clamp_seconds(now));
  add_memory(gated ? user_->gate_.memory_share() : 1.0F);
}

Result<std::int32_t> PersonalSession::trend_part(ItemIndex item, std::int64_t now) {
  if (auto status = engine().check_items({&item, 1}); !status) return std::move(status).error();
  if (!model_->follows_trend()) return 0;
  score_prediction(now);
  const auto probabilities = work_->probabilities_.span();
  to_probabilities(engine().kernels(), work_->scores_.span(), model_->temperature(), probabilities);
  const Trend& trend = model_->trend();
  const float mass = trend.mass(probabilities);
  const float belief = user_->trend_belief_.belief(trend.prior());
  const auto nats = [&](float factor) { return log_f32(1.0F - belief + belief * factor); };
  const float to_score = 1.0F / (score_unit * model_->temperature());
  return static_cast<std::int32_t>((nats(trend.factor(item, mass)) - nats(1.0F / mass)) * to_score);
}

Status PersonalSession::candidate_scores(std::int64_t now, std::span<const ItemIndex> candidates,
                                         std::span<std::int32_t> logits) {
  if (!adds_to_scores()) return base().candidate_scores(candidates, logits);
  if (auto status = engine().check_items(candidates); !status) return status;
  const auto all = scores(now);
  for (std::size_t c = 0; c < candidates.size(); ++c) logits[c] = all[candidates[c]];
  return Ok{};
}

// Returns the probability that each of the gate's predictors gives to an item. Afterwards the workspace has the
// probabilities of the last predictor, with both parts.
Gate::Weights PersonalSession::predict_each(ItemIndex item, std::int64_t now) noexcept {
  const auto probabilities = work_->probabilities_.span();
  score_by_taste(1.0F);
  to_probabilities(engine().kernels(), work_->scores_.span(), model_->temperature(), probabilities);
  weigh_evidence(now);
  const auto evidence = work_->evidence_;
  const auto factors = std::span(work_->factors_).first(evidence.size());
  float factor_of_item = 1;
  for (std::size_t e = 0; e < evidence.size(); ++e) {
    factors[e] = exp_f32(factors[e]);
    if (evidence[e].item == item) factor_of_item = factors[e];
  }
  const auto expected = std::span<const float>(work_->expected_.span());
  const float base = expected[item];
  const float with_memory = base * factor_of_item / memory_normalizer<float>(evidence, factors, expected);
  const float with_taste = probabilities[item];
  move_by_memory<float>(evidence, factors, memory_normalizer<float>(evidence, factors, probabilities), probabilities);
  return {base, with_memory, with_taste, probabilities[item]};
}

// Returns the taste's present addition to the head's input.
std::span<const std::int16_t> PersonalSession::taste_vector() noexcept {
  work_->taste_of_ = TasteRevision(*user_);
  return taste().at(user_->state_.head_input());
}

// Computes the model's own scores plus a share of the taste's addition.
void PersonalSession::score_by_taste(float share) noexcept {
  const auto base_scores = this->base_scores();
  if (!model_->options().taste) {
    std::ranges::copy(base_scores, work_->scores_.data());
    return;
  }
  TasteMoves& moves = work_->moves_;
  if (moves.of != TasteRevision(*user_)) {
    const auto vector = taste_vector();
    moves.are_zero = adds_nothing(vector);
    if (!moves.are_zero) base().head_products(vector, moves.values.span());
    moves.of = TasteRevision(*user_);
  }
  if (moves.are_zero) {
    std::ranges::copy(base_scores, work_->scores_.data());
  } else {
    add_share(base_scores, moves.values.span(), share, work_->scores_.span());
  }
}

// Computes the memory's evidence at a moment, its additions to the items' log-odds, and the model's own probabilities.
void PersonalSession::weigh_evidence(std::int64_t now) noexcept {
  if (work_->expected_of_ != user_->state_.revision()) {
    to_probabilities(engine().kernels(), base_scores(), model_->temperature(), work_->expected_.span());
    work_->expected_of_ = user_->state_.revision();
  }
  work_->evidence_ = {};
  if (model_->options().memory) {
    work_->evidence_ =
        work_->memory_lookup_.evidence({user_->state_.history(), user_->times()}, now, work_->expected_.span());
  }
  for (std::size_t e = 0; e < work_->evidence_.size(); ++e) {
    work_->factors_[e] =
        memory_addition<float>(work_->evidence_[e], [&](std::uint16_t w) { return user_->memory_weight_[w]; });
  }
}

void PersonalSession::add_memory(float share) noexcept {
  const float to_score = share / (score_unit * model_->temperature());
  for (std::size_t e = 0; e < work_->evidence_.size(); ++e) {
    const float by = work_->factors_[e] * to_score;
    std::int32_t& logit = work_->scores_[work_->evidence_[e].item];
    logit = saturate<std::int32_t>(logit + static_cast<std::int64_t>(by < 0 ? by - 0.5F : by + 0.5F));
  }
}

void PersonalSession::add_trend() noexcept {
  const auto scores = work_->scores_.span();
  to_probabilities(engine().kernels(), scores, model_->temperature(), work_->probabilities_.span());
  const Trend& trend = model_->trend();
  trend.add_to(scores, work_->probabilities_.span(), user_->trend_belief_.belief(trend.prior()),
               1.0F / (score_unit * model_->temperature()));
}

// Takes gradient steps from the personal prediction, whose probabilities the workspace has.
void PersonalSession::learn(Lesson lesson) noexcept {
  const float mass = sum_of_shares(lesson);
  for (const MemoryEvidence& evidence : work_->evidence_) {
    const auto taught = std::ranges::find(lesson, evidence.item, &LessonShare::item);
    const float target = taught == lesson.end() ? 0.0F : taught->share;
    const float error = mass * work_->probabilities_[evidence.item] - target;
    for (const std::uint16_t w : evidence.weight) user_->memory_weight_[w] -= memory_rate * error;
  }
  if (model_->options().taste) learn_taste(lesson);
}

void PersonalSession::learn_taste(Lesson lesson) noexcept {
  // The moves may have been computed in a group, and another user's taste afterwards.
  if (work_->taste_of_ != TasteRevision(*user_)) (void)taste_vector();
  taste().learn(work_->probabilities_.span().first(engine().architecture().items), lesson);
}

RecommendOptions PersonalSession::hiding_at(std::int64_t now, RecommendOptions options) noexcept {
  user_->hidden_.at(now, work_->hidden_);
  options.hidden = work_->hidden_;
  return options;
}

std::size_t PersonalSession::recommend(std::int64_t now, const RecommendOptions& options,
                                       std::span<ScoredItem> best) noexcept {
  if (!adds_to_scores()) return recommend_base(now, options, best);
  return base().recommend_by(scores(now), hiding_at(now, options), best);
}

std::size_t PersonalSession::recommend_base(std::int64_t now, const RecommendOptions& options,
                                            std::span<ScoredItem> best) noexcept {
  return base().recommend(hiding_at(now, options), best);
}

}  // namespace sotto
