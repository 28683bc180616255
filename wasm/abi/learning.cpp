// What sessions are taught and what they learned, behind the C ABI.
#include "export.hpp"
#include "last_error.hpp"
#include "seconds.hpp"

#include <sotto/personal/owning_personal_session.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

using sotto::FeedbackKind;
using sotto::ItemIndex;
using PersonalSession = sotto::OwningPersonalSession;
using sotto::abi::fail;
using sotto::abi::status_code;
using sotto::abi::to_seconds;

sotto::Error no_such_kind() {
  return {sotto::ErrorCode::invalid_argument, "there is no kind of feedback of this number"};
}

}  // namespace

SOTTO_EXPORT(sotto_feedback)
std::int32_t sotto_feedback(PersonalSession* session, ItemIndex item, std::uint32_t kind, float amount, double time) {
  if (kind >= sotto::feedback_kinds) return fail(no_such_kind());
  return status_code(session->feedback(item, static_cast<FeedbackKind>(kind), amount, to_seconds(time)));
}

SOTTO_EXPORT(sotto_recall)
std::int32_t sotto_recall(PersonalSession* session, const ItemIndex* items, const double* times, std::uint32_t count) {
  std::vector<std::int64_t> seconds(count);
  std::transform(times, times + count, seconds.begin(), to_seconds);
  return status_code(session->recall({items, count}, seconds));
}

SOTTO_EXPORT(sotto_set_weight)
std::int32_t sotto_set_weight(PersonalSession* session, std::uint32_t kind, float weight) {
  if (kind >= sotto::feedback_kinds) return fail(no_such_kind());
  return status_code(session->set_weight(static_cast<FeedbackKind>(kind), weight));
}

SOTTO_EXPORT(sotto_set_context)
std::int32_t sotto_set_context(PersonalSession* session, const ItemIndex* items, std::uint32_t count, float belief) {
  return status_code(session->set_context({items, count}, belief));
}

SOTTO_EXPORT(sotto_learning) std::uint32_t sotto_learning(const PersonalSession* session) {
  return session->user().learning() ? 1 : 0;
}

SOTTO_EXPORT(sotto_set_learning) void sotto_set_learning(PersonalSession* session, std::uint32_t on) {
  session->set_learning(on != 0);
}

SOTTO_EXPORT(sotto_personal_scores)
const std::int32_t* sotto_personal_scores(PersonalSession* session, double now) {
  return session->scores(to_seconds(now)).data();
}

SOTTO_EXPORT(sotto_gate) void sotto_gate(const PersonalSession* session, double* out) {
  const auto& record = session->user().gate().record();
  out[0] = static_cast<double>(session->user().gate().trust());
  out[1] = record.events;
  out[2] = record.base_log_likelihood;
  out[3] = record.personal_log_likelihood;
}

SOTTO_EXPORT(sotto_history)
std::uint32_t sotto_history(const PersonalSession* session, ItemIndex* items, double* times) {
  const auto events = session->user().state().history();
  if (items == nullptr) return static_cast<std::uint32_t>(events.size());
  std::ranges::copy(events, items);
  std::ranges::transform(session->user().times(), times, [](std::int64_t time) { return static_cast<double>(time); });
  return static_cast<std::uint32_t>(events.size());
}

SOTTO_EXPORT(sotto_hidden)
std::uint32_t sotto_hidden(const PersonalSession* session, ItemIndex* items, double* until) {
  const auto hidden = session->user().hidden().all();
  if (items == nullptr) return static_cast<std::uint32_t>(hidden.size());
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    items[i] = hidden[i].item;
    until[i] = static_cast<double>(hidden[i].until);
  }
  return static_cast<std::uint32_t>(hidden.size());
}

SOTTO_EXPORT(sotto_show) std::int32_t sotto_show(PersonalSession* session, ItemIndex item) {
  return status_code(session->show(item));
}

SOTTO_EXPORT(sotto_taste) const float* sotto_taste(const PersonalSession* session) {
  return session->user().taste().learned().data();
}

SOTTO_EXPORT(sotto_taste_size) std::uint32_t sotto_taste_size(const PersonalSession* session) {
  return static_cast<std::uint32_t>(session->user().taste().learned().size());
}

SOTTO_EXPORT(sotto_memory_weights) const float* sotto_memory_weights(const PersonalSession* session) {
  return session->user().memory_weight().data();
}

SOTTO_EXPORT(sotto_memory_weight_count) std::uint32_t sotto_memory_weight_count() { return sotto::memory_weights; }
