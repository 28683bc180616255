#include <sotto/numeric/internal/scalar_exp.hpp>
#include <sotto/numeric/internal/scalar_log.hpp>
#include <sotto/personal/trend_belief.hpp>

#include <algorithm>

namespace sotto {
namespace {

constexpr float kept_record = 0.98F;
constexpr float min_factor = 2.5e-3F;  // about exp(-max_record)
constexpr float max_factor = 400.0F;   // about exp(max_record)

}  // namespace

float TrendBelief::belief(float prior) const noexcept {
  const float odds = prior / (1.0F - prior) * exp_f32(record_);
  return odds / (1.0F + odds);
}

void TrendBelief::update(float factor) noexcept {
  const float log_factor = log_f32(std::clamp(factor, min_factor, max_factor));
  record_ = std::clamp(kept_record * (record_ + log_factor), -max_record, max_record);
}

}  // namespace sotto
