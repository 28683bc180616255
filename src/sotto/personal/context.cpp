#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/numeric/internal/scalar_log.hpp>
#include <sotto/personal/context.hpp>

#include <algorithm>

namespace sotto {
namespace {

constexpr float narrowness = 0.9F;  // share of choices among the items if the context is right
constexpr float kept_belief =
    0.1F;  // from event to event: a user's own first choice says nearly all (docs/personal.md)
constexpr float max_belief = 0.95F;
constexpr float min_belief = 0.01F;  // a smaller belief has no visible effect
constexpr float min_mass = 1e-6F;

}  // namespace

void Context::set(std::span<const ItemIndex> items, float belief) {
  belief_ = items.empty() ? 0.0F : std::min(belief, max_belief);
  if (belief_ == 0) return clear();
  items_.assign(items.begin(), items.end());
  // A heap sorts the items, because the module already has its code for top-k.
  std::ranges::make_heap(items_);
  std::ranges::sort_heap(items_);
  const auto repeated = std::ranges::unique(items_);
  items_.erase(repeated.begin(), repeated.end());
}

void Context::clear() noexcept {
  belief_ = 0;
  items_ = {};
}

float Context::mass(std::span<const float> probabilities) const noexcept {
  float sum = 0;
  for (const ItemIndex item : items_) sum += probabilities[item];
  return std::max(sum, min_mass);
}

void Context::add_to(std::span<std::int32_t> scores, std::span<const float> probabilities,
                     float to_score) const noexcept {
  const float elsewhere = 1.0F - narrowness * belief_;
  const auto addition = [&](float factor) { return static_cast<std::int64_t>(log_f32(factor) * to_score); };
  const std::int64_t inside = addition(narrowness * belief_ / mass(probabilities) + elsewhere);
  const std::int64_t outside = addition(elsewhere);
  const auto add = [&](std::size_t begin, std::size_t end, std::int64_t by) {
    for (std::size_t i = begin; i < end; ++i) scores[i] = saturate<std::int32_t>(scores[i] + by);
  };
  std::size_t begin = 0;
  for (const ItemIndex item : items_) {
    add(begin, item, outside);
    add(item, item + 1, inside);
    begin = item + 1;
  }
  add(begin, scores.size(), outside);
}

void Context::update(std::span<const float> probabilities, ItemIndex came) noexcept {
  const float inside = std::ranges::binary_search(items_, came) ? narrowness / mass(probabilities) : 0.0F;
  const float by_context = belief_ * (inside + 1.0F - narrowness);
  belief_ = std::min(max_belief, kept_belief * by_context / (by_context + 1.0F - belief_));
  if (belief_ < min_belief) clear();
}

}  // namespace sotto
