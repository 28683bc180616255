#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/numeric/internal/scalar_log.hpp>
#include <sotto/personal/context.hpp>

#include <algorithm>

namespace sotto {
namespace {

constexpr float narrowness = 0.9F;  // how often the choice is among the items, where the context is right
constexpr float kept_belief =
    0.1F;  // from event to event: a user's own first choice says nearly all (docs/personal.md)
constexpr float most_belief = 0.95F;
constexpr float least_belief = 0.01F;  // below it nobody would notice
constexpr float least_mass = 1e-6F;

}  // namespace

void Context::set(std::span<const ItemIndex> items, float belief) noexcept {
  std::ranges::fill(member_.span(), std::uint8_t{0});
  for (const ItemIndex item : items) member_.data()[item] = 1;
  belief_ = items.empty() ? 0.0F : std::min(belief, most_belief);
}

float Context::mass(std::span<const float> probabilities) const noexcept {
  float sum = 0;
  for (std::size_t i = 0; i < member_.size(); ++i) {
    if (member_.data()[i] != 0) sum += probabilities[i];
  }
  return std::max(sum, least_mass);
}

void Context::add_to(std::span<std::int32_t> scores, std::span<const float> probabilities,
                     float to_score) const noexcept {
  const float elsewhere = 1.0F - narrowness * belief_;
  const auto addition = [&](float factor) { return static_cast<std::int64_t>(log_f32(factor) * to_score); };
  const std::int64_t inside = addition(narrowness * belief_ / mass(probabilities) + elsewhere);
  const std::int64_t outside = addition(elsewhere);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = saturate<std::int32_t>(scores[i] + (member_.data()[i] != 0 ? inside : outside));
  }
}

void Context::update(std::span<const float> probabilities, ItemIndex came) noexcept {
  const float inside = member_.data()[came] != 0 ? narrowness / mass(probabilities) : 0.0F;
  const float by_context = belief_ * (inside + 1.0F - narrowness);
  belief_ = std::min(most_belief, kept_belief * by_context / (by_context + 1.0F - belief_));
  if (belief_ < least_belief) belief_ = 0;
}

}  // namespace sotto
