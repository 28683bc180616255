#include <sotto/numeric/rounding.hpp>
#include <sotto/numeric/scalar_functions.hpp>
#include <sotto/personal/personal_session.hpp>

#include <algorithm>
#include <limits>
#include <string>

namespace sotto {
namespace {

constexpr float memory_rate = 0.05F;
constexpr float most_addition = 20.0F;  // of log-odds, either way
// Items expected most that take part in a step of the head.
constexpr std::size_t rivals = 8;
constexpr std::size_t head_bytes = 160 * 1024;
constexpr std::size_t most_head_rows = 256;
constexpr std::size_t least_head_rows = 16;
constexpr float q16_unit = 1.0F / 65536.0F;
constexpr float never = -1e9F;  // a logit whose probability is 0

std::size_t head_rows(const Architecture& architecture) noexcept {
  const std::size_t row_bytes = sizeof(float) * (architecture.hidden_dim + 1) + 2 * sizeof(std::uint32_t);
  return std::clamp(head_bytes / row_bytes, least_head_rows, most_head_rows);
}

}  // namespace

PersonalSession::PersonalSession(const Engine& engine, const PersonalOptions& options)
    : engine_(&engine),
      options_(options),
      temperature_(engine.memory() ? static_cast<float>(engine.memory()->temperature) * q16_unit : 1.0F),
      session_(engine),
      memory_(engine.architecture().items),
      head_(engine.architecture().items, engine.architecture().hidden_dim, head_rows(engine.architecture()),
            engine.kernels()),
      probabilities_(round_up(engine.architecture().items, float_tile)),
      moved_place_(engine.architecture().items),
      scores_(engine.architecture().items) {
  moved_.reserve(history_capacity + head_.most_rows());
  reset();
}

Status PersonalSession::check_item(ItemIndex item) const {
  const std::uint32_t known = engine_->architecture().items;
  if (item < known) return Ok{};
  return Error{ErrorCode::unknown_item, "item index " + std::to_string(item) + " is not below the catalogue's " +
                                            std::to_string(known) + " items"};
}

Status PersonalSession::recall(ItemIndex item, std::int64_t time) {
  if (auto status = session_.observe(item); !status) return status;
  memory_.observe(item, time);
  return Ok{};
}

Status PersonalSession::observe(ItemIndex item, std::int64_t time) {
  if (auto status = check_item(item); !status) return status;
  (void)scores(time);
  learn(item);
  return recall(item, time);
}

// The base's probabilities of all items, and by what factor the user moved the odds of some.
void PersonalSession::predict(std::int64_t now) noexcept {
  const auto base = session_.scores();
  const float scale = temperature_ * q16_unit;
  for (std::size_t i = 0; i < base.size(); ++i) probabilities_.data()[i] = static_cast<float>(base[i]) * scale;
  std::fill(probabilities_.data() + base.size(), probabilities_.data() + probabilities_.size(), never);
  engine_->kernels().softmax_f32(probabilities_.data(), probabilities_.size());

  for (const Moved& moved : moved_) moved_place_[moved.item] = 0;
  moved_.clear();
  evidence_ = {};
  if (options_.memory) evidence_ = memory_.evidence(now);
  for (const MemoryEvidence& evidence : evidence_) {
    float addition = 0;
    for (const std::uint16_t w : evidence.weight) addition += memory_weight_[w];
    add(evidence.item, addition);
  }
  if (options_.head) {
    const auto additions = head_.additions(session_.head_input());
    for (std::size_t r = 0; r < additions.size(); ++r) add(head_.items()[r], additions[r]);
  }
  normaliser_ = 1;
  for (Moved& moved : moved_) {
    moved.factor = exp_f32(std::clamp(moved.addition, -most_addition, most_addition));
    normaliser_ += probabilities_.data()[moved.item] * (moved.factor - 1.0F);
  }
  // All mass may have been taken off but for rounding.
  normaliser_ = std::max(normaliser_, 1e-6F);
}

void PersonalSession::add(ItemIndex item, float addition) noexcept {
  std::uint16_t& place = moved_place_[item];
  if (place == 0) {
    moved_.push_back({item, 0, 1});
    place = static_cast<std::uint16_t>(moved_.size());
  }
  moved_[place - 1U].addition += addition;
}

float PersonalSession::personal_probability(ItemIndex item) const noexcept {
  const std::uint16_t place = moved_place_[item];
  const float factor = place == 0 ? 1.0F : moved_[place - 1U].factor;
  return probabilities_.data()[item] * factor / normaliser_;
}

// The mixture of both predictions has odds of (1 - w) + w · factor / normaliser to the base's; those of unmoved items
// are the yardstick, so that their scores stay as they are.
std::span<const std::int32_t> PersonalSession::scores(std::int64_t now) noexcept {
  predict(now);
  std::ranges::copy(session_.scores(), scores_.begin());
  const float trust = options_.gate ? gate_.weight() : 1.0F;
  const float unmoved = (1.0F - trust) + trust / normaliser_;
  const float to_score = 65536.0F / temperature_;
  for (const Moved& moved : moved_) {
    const float mixed = (1.0F - trust) + trust * moved.factor / normaliser_;
    const float by = std::clamp(log_f32(mixed / unmoved) * to_score, -1e9F, 1e9F);
    const auto rounded = static_cast<std::int64_t>(by < 0 ? by - 0.5F : by + 0.5F);
    scores_[moved.item] = saturate<std::int32_t>(scores_[moved.item] + rounded);
  }
  return scores_;
}

// Gradient steps of the personal prediction's cross-entropy; the gate sees both predictions first.
void PersonalSession::learn(ItemIndex came) noexcept {
  const auto error_of = [&](ItemIndex item) { return personal_probability(item) - (item == came ? 1.0F : 0.0F); };
  gate_.update(probabilities_.data()[came], personal_probability(came));
  for (const MemoryEvidence& evidence : evidence_) {
    const float step = memory_rate * error_of(evidence.item);
    for (const std::uint16_t w : evidence.weight) memory_weight_[w] -= step;
  }
  if (!options_.head) return;
  std::array<ScoredItem, rivals> best{};
  const std::size_t found = top_k(engine_->kernels(), scores_, {}, {}, best);
  std::array<HeadError, rivals + 1> errors{};
  std::size_t count = 0;
  errors[count++] = {came, error_of(came)};
  for (const ScoredItem& rival : std::span(best).first(found)) {
    if (rival.item != came) errors[count++] = {rival.item, error_of(rival.item)};
  }
  head_.learn(std::span(errors).first(count));
}

std::size_t PersonalSession::recommend(std::int64_t now, const RecommendOptions& options,
                                       std::span<ScoredItem> best) noexcept {
  return session_.recommend_by(scores(now), options, best);
}

void PersonalSession::reset() noexcept {
  session_.reset();
  memory_.clear();
  head_.clear();
  gate_.clear();
  memory_weight_.fill(0);
  if (!engine_->memory()) return;
  for (std::size_t w = 0; w < memory_weights; ++w) {
    memory_weight_[w] = static_cast<float>(engine_->memory()->weight[w]) * q16_unit;
  }
}

}  // namespace sotto
