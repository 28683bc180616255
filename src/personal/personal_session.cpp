#include <sotto/numeric/rounding.hpp>
#include <sotto/personal/personal_session.hpp>

#include <algorithm>

namespace sotto {
namespace {

constexpr float memory_rate = 0.05F;
constexpr float most_addition = 20.0F;  // of log-odds, either way
constexpr float score_unit = 1.0F / (1 << score_bits);
constexpr float never = -1e9F;  // a logit whose probability is 0

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

Status PersonalSession::recall(ItemIndex item, std::int64_t time) {
  if (auto status = session_.observe(item); !status) return status;
  memory_.observe(item, time);
  return Ok{};
}

Status PersonalSession::observe(ItemIndex item, std::int64_t time) {
  if (auto status = session_.check_items({&item, 1}); !status) return status;
  to_probabilities(session_.scores());
  const float of_base = probabilities_.data()[item];
  score(time, 1.0F);
  to_probabilities(scores_.span().first(engine_->architecture().items));
  gate_.update(of_base, probabilities_.data()[item]);
  learn(item);
  return recall(item, time);
}

std::span<const std::int32_t> PersonalSession::scores(std::int64_t now) noexcept {
  score(now, options_.gate ? gate_.weight() : 1.0F);
  return scores_.span().first(engine_->architecture().items);
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

// Gradient steps of the cross-entropy of the personal prediction, whose probabilities are there.
void PersonalSession::learn(ItemIndex came) noexcept {
  for (const MemoryEvidence& evidence : evidence_) {
    const float error = probabilities_.data()[evidence.item] - (evidence.item == came ? 1.0F : 0.0F);
    for (const std::uint16_t w : evidence.weight) memory_weight_[w] -= memory_rate * error;
  }
  if (options_.taste) {
    taste_.learn(probabilities_.span().first(engine_->architecture().items), came, temperature_);
  }
}

std::size_t PersonalSession::recommend(std::int64_t now, const RecommendOptions& options,
                                       std::span<ScoredItem> best) noexcept {
  return session_.recommend_by(scores(now), options, best);
}

void PersonalSession::reset() noexcept {
  session_.reset();
  memory_.clear();
  taste_.clear();
  gate_.clear();
  memory_weight_.fill(0);
  if (!engine_->memory()) return;
  for (std::size_t w = 0; w < memory_weights; ++w) {
    memory_weight_[w] = static_cast<float>(engine_->memory()->weight[w]) * score_unit;
  }
}

}  // namespace sotto
