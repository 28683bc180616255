#include <sotto/numeric/rounding.hpp>
#include <sotto/personal/personal_session.hpp>

#include <algorithm>

namespace sotto {
namespace {

constexpr float memory_rate = 0.05F;
constexpr float most_addition = 20.0F;  // of log-odds, either way
constexpr float score_unit = 1.0F / (1 << score_bits);
constexpr float never = -1e9F;  // a logit whose probability is 0
constexpr float most_amount = 1e9F;

}  // namespace

PersonalSession::PersonalSession(const Engine& engine, const PersonalOptions& options)
    : engine_(&engine),
      options_(options),
      temperature_(engine.memory() ? static_cast<float>(engine.memory()->temperature) * score_unit : 1.0F),
      session_(engine),
      memory_(engine.architecture().items),
      taste_(engine),
      probabilities_(round_up(engine.architecture().items, float_tile)),
      scores_(engine.architecture().items) {
  reset();
}

Status PersonalSession::recall(std::span<const ItemIndex> items, std::span<const std::int64_t> times) {
  if (auto status = session_.observe_all(items); !status) return status;
  for (std::size_t i = 0; i < items.size(); ++i) memory_.observe(items[i], times[i]);
  return Ok{};
}

Status PersonalSession::feedback(ItemIndex item, FeedbackKind kind, float amount, std::int64_t time) {
  if (auto status = session_.check_items({&item, 1}); !status) return status;
  if (!(amount >= -most_amount && amount <= most_amount)) {
    return Error{ErrorCode::invalid_argument, "the amount of a feedback is not a number that can be meant"};
  }
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
      if (amount < 0 || is_at(item, time)) {
        reinforce(item, share, time);
      } else {
        choose(item, share, time);
      }
      break;
    }
    case FeedbackKind::cart:
    case FeedbackKind::favourite:
    case FeedbackKind::purchase:
      if (is_at(item, time)) {
        reinforce(item, weight, time);
      } else {
        choose(item, weight, time);
      }
      break;
    case FeedbackKind::dismiss: hide(item, weight, time, time + dismissal_seconds); break;
    case FeedbackKind::not_this: hide(item, weight, time, hidden_for_ever); break;
  }
  return Ok{};
}

bool PersonalSession::learns() const noexcept { return learning_ && engine_->architecture().head == HeadKind::softmax; }

// Whether this visit's latest event was on the item: what the user does with it then is about that event.
bool PersonalSession::is_at(ItemIndex item, std::int64_t time) const noexcept {
  return !memory_.events().empty() && memory_.events().back() == item &&
         time - memory_.times().back() < visit_gap_seconds;
}

void PersonalSession::choose(ItemIndex item, float share, std::int64_t time) noexcept {
  hidden_.show(item);
  impressions_.remove(item);
  if (learns()) {
    to_probabilities(session_.scores());
    const float of_base = probabilities_.data()[item];
    predict(time);
    gate_.update(of_base, probabilities_.data()[item]);
    std::array<LessonShare, 1 + impressions_capacity> lesson{{{item, share}}};
    std::size_t size = 1;
    const float passed_over = options_.weights[FeedbackKind::impression];
    if (passed_over > 0) {
      const auto shown = impressions_.items();
      for (const ItemIndex other : shown) lesson[size++] = {other, -passed_over / static_cast<float>(shown.size())};
    }
    learn(Lesson(lesson).first(size));
  }
  impressions_.clear();
  (void)recall({&item, 1}, {&time, 1});
}

// More of what the latest event taught, or the opposite: about the item alone, not about what comes next, so that
// memory and gate have no part in it.
void PersonalSession::reinforce(ItemIndex item, float share, std::int64_t time) noexcept {
  if (!learns() || share == 0 || !options_.taste) return;
  predict(time);
  const LessonShare lesson{item, share};
  taste_.learn(probabilities_.span().first(engine_->architecture().items), {&lesson, 1}, temperature_);
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
  if (!learns()) return session_.scores();
  score(now, options_.gate ? gate_.weight() : 1.0F);
  return scores_.span().first(engine_->architecture().items);
}

Status PersonalSession::candidate_scores(std::int64_t now, std::span<const ItemIndex> candidates,
                                         std::span<std::int32_t> logits) {
  if (!learns()) return session_.candidate_scores(candidates, logits);
  if (auto status = session_.check_items(candidates); !status) return status;
  const auto all = scores(now);
  for (std::size_t c = 0; c < candidates.size(); ++c) logits[c] = all[candidates[c]];
  return Ok{};
}

void PersonalSession::predict(std::int64_t now) noexcept {
  score(now, 1.0F);
  to_probabilities(scores_.span().first(engine_->architecture().items));
}

// What was learned, taken by a share.
void PersonalSession::score(std::int64_t now, float share) noexcept {
  const std::size_t items = engine_->architecture().items;
  if (options_.taste) {
    session_.scores_under(taste_.add_to(session_.head_input(), share), scores_.span());
  } else {
    std::ranges::copy(session_.scores(), scores_.span().first(items).begin());
  }
  evidence_ = {};
  if (options_.memory) evidence_ = memory_.evidence(now);
  const float to_score = share / (score_unit * temperature_);
  for (const MemoryEvidence& evidence : evidence_) {
    float addition = 0;
    for (const std::uint16_t w : evidence.weight) addition += memory_weight_[w];
    const float by = std::clamp(addition, -most_addition, most_addition) * to_score;
    std::int32_t& logit = scores_.data()[evidence.item];
    logit = saturate<std::int32_t>(logit + static_cast<std::int64_t>(by < 0 ? by - 0.5F : by + 0.5F));
  }
}

void PersonalSession::to_probabilities(std::span<const std::int32_t> scores) noexcept {
  const float scale = temperature_ * score_unit;
  float* values = probabilities_.data();
  for (std::size_t i = 0; i < scores.size(); ++i) values[i] = static_cast<float>(scores[i]) * scale;
  std::fill(values + scores.size(), values + probabilities_.size(), never);
  engine_->kernels().softmax_f32(values, probabilities_.size());
}

// Gradient steps from the personal prediction, whose probabilities are there.
void PersonalSession::learn(Lesson lesson) noexcept {
  float mass = 0;
  for (const auto& [item, share] : lesson) mass += share;
  for (const MemoryEvidence& evidence : evidence_) {
    const auto taught = std::ranges::find(lesson, evidence.item, &LessonShare::item);
    const float target = taught == lesson.end() ? 0.0F : taught->share;
    const float error = mass * probabilities_.data()[evidence.item] - target;
    for (const std::uint16_t w : evidence.weight) memory_weight_[w] -= memory_rate * error;
  }
  if (options_.taste) {
    taste_.learn(probabilities_.span().first(engine_->architecture().items), lesson, temperature_);
  }
}

std::size_t PersonalSession::recommend(std::int64_t now, const RecommendOptions& options,
                                       std::span<ScoredItem> best) noexcept {
  if (!learns()) return recommend_base(now, options, best);
  RecommendOptions without_hidden = options;
  without_hidden.hidden = hidden_.at(now);
  return session_.recommend_by(scores(now), without_hidden, best);
}

std::size_t PersonalSession::recommend_base(std::int64_t now, const RecommendOptions& options,
                                            std::span<ScoredItem> best) noexcept {
  RecommendOptions without_hidden = options;
  without_hidden.hidden = hidden_.at(now);
  return session_.recommend(without_hidden, best);
}

void PersonalSession::reset() noexcept {
  session_.reset();
  memory_.clear();
  taste_.clear();
  gate_.clear();
  hidden_.clear();
  impressions_.clear();
  learning_ = true;
  memory_weight_.fill(0);
  if (!engine_->memory()) return;
  for (std::size_t w = 0; w < memory_weights; ++w) {
    memory_weight_[w] = static_cast<float>(engine_->memory()->weight[w]) * score_unit;
  }
}

}  // namespace sotto
