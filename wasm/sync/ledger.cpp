// The device's ledger of reports and of epsilon.
#include "module.hpp"

#include <sotto/privacy/ledger.hpp>

#include <utility>

using namespace sotto::wasm;

namespace {

using sotto::privacy::Ledger;

Ledger ledger;

// Times that no clock shows are as wrong as 0.
std::int64_t seconds_of(double time) noexcept { return time >= 0 && time < 9e15 ? static_cast<std::int64_t>(time) : 0; }

}  // namespace

std::int32_t sotto_sync_read_ledger(const void* bytes, std::size_t size, double now) {
  if (size == 0) {
    ledger = {};
    return SOTTO_SYNC_OK;
  }
  if (auto stored = Ledger::read(bytes_at(bytes, size))) {
    ledger = *std::move(stored);
    return SOTTO_SYNC_OK;
  }
  auto damaged = Ledger::damaged(seconds_of(now));
  if (!damaged) return fail(damaged.error());
  ledger = *std::move(damaged);
  return 1;
}

std::int32_t sotto_sync_ledger() {
  clear_parts();
  add_part(ledger.bytes());
  return SOTTO_SYNC_OK;
}

std::int32_t sotto_sync_may_report(double now, std::uint32_t limit) {
  return static_cast<std::int32_t>(ledger.may_report(seconds_of(now), limit).refusal);
}

std::int32_t sotto_sync_record(double now, std::uint32_t limit, std::uint32_t noise_thousandths) {
  const auto recorded = ledger.record(seconds_of(now), limit, {noise_thousandths, 1000});
  if (!recorded) return fail(recorded.error());
  return sotto_sync_ledger();
}

std::uint32_t sotto_sync_reports_in_window(double now) { return ledger.reports_in_window(seconds_of(now)); }

double sotto_sync_reports_in_all() { return static_cast<double>(ledger.reports_in_all()); }

double sotto_sync_epsilon_in_window(double now, double delta) {
  return ledger.epsilon_in_window(seconds_of(now), delta);
}

double sotto_sync_epsilon_in_all(double delta) { return ledger.epsilon_in_all(delta); }
