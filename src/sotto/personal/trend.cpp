#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/numeric/internal/scalar_exp.hpp>
#include <sotto/numeric/internal/scalar_log.hpp>
#include <sotto/personal/trend.hpp>

#include <algorithm>

namespace sotto {
namespace {

// Rounding may make the sum of all probabilities a little less than 1.
constexpr float min_mass = 1e-6F;

}  // namespace

Result<Trend> Trend::create(std::span<const TrendItem> trend, float prior, std::size_t items) {
  if (!(prior >= 0 && prior <= max_trend_prior)) {
    return Error{ErrorCode::out_of_range, "the prior of a trend is not a number from 0 to 0.9"};
  }
  Trend made;
  made.prior_ = prior;
  for (const auto& [item, log_ratio] : trend) {
    if (item >= items) return Error{ErrorCode::unknown_item, "a trend names an item that the model does not have"};
    if (!(log_ratio >= -max_trend_log_ratio && log_ratio <= max_trend_log_ratio)) {
      return Error{ErrorCode::out_of_range, "a log-ratio of a trend is not a number from -31 to 31"};
    }
    if (!made.items_.empty() && made.items_.back() >= item) {
      return Error{ErrorCode::invalid_argument, "the items of a trend do not ascend"};
    }
    made.items_.push_back(item);
    made.log_ratios_.push_back(log_ratio);
    made.ratios_.push_back(exp_f32(log_ratio));
  }
  return made;
}

float Trend::log_ratio(ItemIndex item) const noexcept {
  const auto found = std::ranges::lower_bound(items_, item);
  if (found == items_.end() || *found != item) return 0;
  return log_ratios_[static_cast<std::size_t>(found - items_.begin())];
}

float Trend::mass(std::span<const float> probabilities) const noexcept {
  float sum = 1;
  for (std::size_t n = 0; n < items_.size(); ++n) sum += probabilities[items_[n]] * (ratios_[n] - 1.0F);
  return std::max(sum, min_mass);
}

float Trend::factor(ItemIndex item, float mass) const noexcept { return exp_f32(log_ratio(item)) / mass; }

void Trend::add_to(std::span<std::int32_t> scores, std::span<const float> probabilities, float belief,
                   float to_score) const noexcept {
  const float of_expert = belief / mass(probabilities);
  const float of_prediction = 1.0F - belief;
  const auto addition = [&](float ratio) {
    return static_cast<std::int64_t>(log_f32(of_prediction + of_expert * ratio) * to_score);
  };
  const std::int64_t elsewhere = addition(1.0F);
  const auto add = [&](std::size_t begin, std::size_t end, std::int64_t by) {
    for (std::size_t i = begin; i < end; ++i) scores[i] = saturate<std::int32_t>(scores[i] + by);
  };
  std::size_t begin = 0;
  for (std::size_t n = 0; n < items_.size(); ++n) {
    add(begin, items_[n], elsewhere);
    add(items_[n], items_[n] + 1, addition(ratios_[n]));
    begin = items_[n] + 1;
  }
  add(begin, scores.size(), elsewhere);
}

}  // namespace sotto
