// Takes what users do, and learns from it.
#include <sotto/abi/border.hpp>

#include <cstdint>
#include <vector>

using namespace sotto::abi;

namespace {

using sotto::FeedbackKind;

static_assert(SOTTO_IMPRESSION == static_cast<int>(FeedbackKind::impression));
static_assert(SOTTO_CLICK == static_cast<int>(FeedbackKind::click));
static_assert(SOTTO_DWELL == static_cast<int>(FeedbackKind::dwell));
static_assert(SOTTO_CART == static_cast<int>(FeedbackKind::cart));
static_assert(SOTTO_FAVOURITE == static_cast<int>(FeedbackKind::favourite));
static_assert(SOTTO_PURCHASE == static_cast<int>(FeedbackKind::purchase));
static_assert(SOTTO_RATING == static_cast<int>(FeedbackKind::rating));
static_assert(SOTTO_DISMISS == static_cast<int>(FeedbackKind::dismiss));
static_assert(SOTTO_NOT_THIS == static_cast<int>(FeedbackKind::not_this));
static_assert(SOTTO_NOT_THIS + 1 == sotto::feedback_kinds);
static_assert(SOTTO_MAX_FEEDBACK_WEIGHT == static_cast<int>(sotto::max_feedback_weight));

std::int32_t check_kind(std::uint32_t kind) {
  if (kind < sotto::feedback_kinds) return SOTTO_OK;
  return fail({sotto::ErrorCode::invalid_argument, "there is no kind of feedback " + std::to_string(kind)});
}

}  // namespace

std::int32_t sotto_feedback(sotto_user* user, sotto_workspace* workspace, std::uint32_t item, std::uint32_t kind,
                            float amount, double time) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  if (const auto refused = check_kind(kind); refused != SOTTO_OK) return refused;
  const auto seconds = seconds_of(time);
  if (!seconds) return SOTTO_INVALID_ARGUMENT;
  return result_of(session_of(*user, *workspace).feedback(item, static_cast<FeedbackKind>(kind), amount, *seconds));
}

std::int32_t sotto_recall(sotto_user* user, sotto_workspace* workspace, const std::uint32_t* items, const double* times,
                          std::uint32_t count) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  if (const auto refused = check_array(items, count, "items"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_array(times, count, "times"); refused != SOTTO_OK) return refused;
  std::vector<std::int64_t> seconds;
  seconds.reserve(count);
  for (const double time : span_of(times, count)) {
    const auto whole = seconds_of(time);
    if (!whole) return SOTTO_INVALID_ARGUMENT;
    seconds.push_back(*whole);
  }
  return result_of(session_of(*user, *workspace).recall(span_of(items, count), seconds));
}

std::int32_t sotto_set_weight(sotto_user* user, std::uint32_t kind, float weight) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_kind(kind); refused != SOTTO_OK) return refused;
  return result_of(user->value.set_weight(static_cast<FeedbackKind>(kind), weight));
}

std::int32_t sotto_set_context(sotto_user* user, const std::uint32_t* items, std::uint32_t count, float belief) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_array(items, count, "items"); refused != SOTTO_OK) return refused;
  return result_of(user->value.set_context(user->opened->personal, span_of(items, count), belief));
}

std::int32_t sotto_set_learning(sotto_user* user, std::uint32_t on) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  user->value.set_learning(on != 0);
  return SOTTO_OK;
}

std::int32_t sotto_show(sotto_user* user, std::uint32_t item) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  return result_of(user->value.show(user->opened->personal, item));
}

std::int32_t sotto_correct_times(sotto_user* user, double now) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  const auto seconds = seconds_of(now);
  if (!seconds) return SOTTO_INVALID_ARGUMENT;
  user->value.correct_times(*seconds);
  return SOTTO_OK;
}
