// What many users choose at present: taken in for all users of a model, and named as a reason.
#include <sotto/abi/border.hpp>

#include <sotto/personal/trend.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

using namespace sotto::abi;

std::int32_t sotto_set_trend(sotto_model* model, const std::uint32_t* items, const float* log_ratios,
                             std::uint32_t count, float prior) {
  if (const auto refused = check_given(model, "model"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_array(items, count, "items"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_array(log_ratios, count, "log_ratios"); refused != SOTTO_OK) return refused;
  std::vector<sotto::TrendItem> named;
  named.reserve(count);
  for (std::size_t n = 0; n < count; ++n) named.push_back({items[n], log_ratios[n]});
  auto trend = sotto::Trend::create(named, prior, model->opened->engine().architecture().items);
  if (!trend) return fail(trend.error());
  model->opened->personal.set_trend(*std::move(trend));
  return SOTTO_OK;
}

std::int32_t sotto_why_trend(sotto_user* user, sotto_workspace* workspace, double now, std::uint32_t item,
                             std::int32_t* logit) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  if (const auto refused = check_given(logit, "logit"); refused != SOTTO_OK) return refused;
  const auto seconds = seconds_of(now);
  if (!seconds) return SOTTO_INVALID_ARGUMENT;
  const auto part = session_of(*user, *workspace).trend_part(item, *seconds);
  if (!part) return fail(part.error());
  *logit = *part;
  return SOTTO_OK;
}
