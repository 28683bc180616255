// Writes what is known about a user into the caller's memory.
#include <sotto/abi/border.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

using namespace sotto::abi;

namespace {

static_assert(SOTTO_HISTORY_CAPACITY == sotto::history_capacity);
static_assert(SOTTO_HIDDEN_CAPACITY == sotto::hidden_capacity);

// A moment that the caller compares with its own.
double time_of(std::int64_t seconds) noexcept {
  return seconds == sotto::hidden_for_ever ? std::numeric_limits<double>::infinity() : static_cast<double>(seconds);
}

// All values, where the caller's memory has room for them.
std::int32_t write(std::span<const float> values, float* out, std::uint32_t capacity) {
  if (const auto refused = check_room(out, capacity, values.size(), "values"); refused != SOTTO_OK) return refused;
  std::ranges::copy(values, out);
  return static_cast<std::int32_t>(values.size());
}

}  // namespace

std::int32_t sotto_history(const sotto_user* user, std::uint32_t* items, double* times, std::uint32_t capacity) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  const auto all_items = user->value.state().history();
  const auto all_times = user->value.times();
  const std::size_t count = std::min<std::size_t>(capacity, all_items.size());
  if (items != nullptr) std::ranges::copy(all_items.last(count), items);
  if (times != nullptr) std::ranges::transform(all_times.last(count), times, time_of);
  return static_cast<std::int32_t>(all_items.size());
}

std::int32_t sotto_hidden(const sotto_user* user, std::uint32_t* items, double* until, std::uint32_t capacity) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  const auto all = user->value.hidden().all();
  const auto some = all.first(std::min<std::size_t>(capacity, all.size()));
  if (items != nullptr) std::ranges::transform(some, items, &sotto::HiddenItem::item);
  if (until != nullptr) std::ranges::transform(some, until, [](const auto& one) { return time_of(one.until); });
  return static_cast<std::int32_t>(all.size());
}

std::int32_t sotto_gate(const sotto_user* user, sotto_gate_record* gate) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_given(gate, "gate"); refused != SOTTO_OK) return refused;
  const sotto::Gate& value = user->value.gate();
  *gate = {.trust = static_cast<double>(value.trust()),
           .base_log_likelihood = value.record().base_log_likelihood,
           .personal_log_likelihood = value.record().personal_log_likelihood,
           .events = value.record().events,
           .reserved = 0};
  return SOTTO_OK;
}

std::int32_t sotto_taste(const sotto_user* user, float* values, std::uint32_t capacity) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  return write(user->value.taste().learned(), values, capacity);
}

std::int32_t sotto_memory_weights(const sotto_user* user, float* values, std::uint32_t capacity) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  return write(user->value.memory_weight(), values, capacity);
}
