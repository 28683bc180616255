#include <sotto/base/hash.hpp>
#include <sotto/base/internal/bytes.hpp>
#include <sotto/privacy/gaussian_privacy.hpp>
#include <sotto/privacy/ledger.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::privacy {
namespace {

// The bytes, little-endian: magic u32, version u16, count u8, flags u8, blocked until i64, reports u64, squared mu f64;
// for each recent report its time i64, numerator u32 and denominator u32; XXH64 of all of it.
constexpr std::uint32_t ledger_magic = 0x444C5053;  // "SPLD"
constexpr std::uint16_t ledger_version = 1;
constexpr std::size_t ledger_head = 32;
constexpr std::size_t ledger_report = 16;
constexpr std::size_t ledger_hash = 8;
static_assert(Ledger::max_bytes == ledger_head + ledger_report * Ledger::max_limit + ledger_hash);

// More than a device can make; the counter stays there.
constexpr std::uint64_t max_reports = std::uint64_t{1} << 48;

double squared_mu_of(Ratio deviation) noexcept {
  const double mu = static_cast<double>(deviation.denominator) / deviation.numerator;
  return mu * mu;
}

}  // namespace

Result<Ledger> Ledger::read(std::span<const std::byte> bytes) {
  if (bytes.size() < ledger_head + ledger_hash) return Error{ErrorCode::truncated, "the ledger ends within its head"};
  if (load_le<std::uint32_t>(bytes.data()) != ledger_magic) return Error{ErrorCode::malformed, "not a ledger"};
  if (load_le<std::uint16_t>(&bytes[4]) != ledger_version)
    return Error{ErrorCode::unsupported_version, "the ledger's version is not 1"};
  const auto count = std::to_integer<std::uint32_t>(bytes[6]);
  const auto flags = std::to_integer<std::uint32_t>(bytes[7]);
  const std::size_t size = ledger_head + ledger_report * count + ledger_hash;
  if (bytes.size() < size) return Error{ErrorCode::truncated, "the ledger ends within its reports"};
  if (bytes.size() > size || count > max_limit || flags > 1)
    return Error{ErrorCode::malformed, "the ledger breaks its format"};
  if (load_le<std::uint64_t>(&bytes[size - ledger_hash]) != xxh64(bytes.first(size - ledger_hash)))
    return Error{ErrorCode::malformed, "the ledger's hash does not match"};

  Ledger ledger;
  ledger.count_ = count;
  ledger.history_lost_ = flags == 1;
  ledger.blocked_until_ = load_le<std::int64_t>(&bytes[8]);
  ledger.reports_ = load_le<std::uint64_t>(&bytes[16]);
  ledger.squared_mu_ = load_le<double>(&bytes[24]);
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* report = &bytes[ledger_head + ledger_report * i];
    ledger.recent_[i] = {load_le<std::int64_t>(report),
                         {load_le<std::uint32_t>(report + 8), load_le<std::uint32_t>(report + 12)}};
  }
  if (!ledger.is_consistent()) return Error{ErrorCode::malformed, "the ledger contradicts itself"};
  return ledger;
}

bool Ledger::is_consistent() const noexcept {
  double squared_mu = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const Report& report = recent_[i];
    if (report.time < min_time || report.time > max_time) return false;
    if (report.deviation.numerator == 0 || report.deviation.denominator == 0) return false;
    if (i > 0 && report.time < recent_[i - 1].time) return false;
    squared_mu += squared_mu_of(report.deviation);
  }
  if (count_ > 0 && recent_[count_ - 1].time - recent_[0].time >= window_seconds) return false;
  if (history_lost_ ? blocked_until_ < min_time + window_seconds || blocked_until_ > max_time + window_seconds
                    : blocked_until_ != 0)
    return false;
  // There is a last report where there are any.
  if (reports_ < count_ || reports_ > max_reports || (reports_ == 0) != (count_ == 0)) return false;
  // Sums of the same numbers in another order differ by rounding.
  return std::isfinite(squared_mu_) && squared_mu_ >= squared_mu * (1 - 1e-9) && (reports_ > 0 || squared_mu_ == 0);
}

Result<Ledger> Ledger::damaged(std::int64_t now) {
  if (now < min_time || now > max_time) return Error{ErrorCode::out_of_range, "the device's clock is not set"};
  Ledger ledger;
  ledger.history_lost_ = true;
  ledger.blocked_until_ = now + window_seconds;
  return ledger;
}

std::vector<std::byte> Ledger::bytes() const {
  std::vector<std::byte> bytes(ledger_head + ledger_report * count_ + ledger_hash);
  store_le(bytes.data(), ledger_magic);
  store_le(&bytes[4], ledger_version);
  bytes[6] = static_cast<std::byte>(count_);
  bytes[7] = static_cast<std::byte>(history_lost_ ? 1 : 0);
  store_le(&bytes[8], blocked_until_);
  store_le(&bytes[16], reports_);
  store_le(&bytes[24], squared_mu_);
  std::byte* place = &bytes[ledger_head];
  for (const Report& report : recent()) {
    store_le(place, report.time);
    store_le(place + 8, report.deviation.numerator);
    store_le(place + 12, report.deviation.denominator);
    place += ledger_report;
  }
  store_le(place, xxh64(std::span(bytes).first(bytes.size() - ledger_hash)));
  return bytes;
}

std::int64_t Ledger::effective(std::int64_t now) const noexcept {
  return count_ == 0 ? now : std::max(now, recent_[count_ - 1].time);
}

std::span<const Ledger::Report> Ledger::window(std::int64_t now) const noexcept {
  // A clock below min_time counts as the last report's time; subtracting from it could overflow.
  const std::int64_t begin = std::max(effective(now), min_time) - window_seconds;
  std::span<const Report> reports = recent();
  while (!reports.empty() && reports.front().time <= begin) reports = reports.subspan(1);
  return reports;
}

Ledger::Permission Ledger::may_report(std::int64_t now, std::uint32_t limit) const noexcept {
  if (limit == 0) return {Refusal::reports_stopped, 0};
  if (now < min_time || now > max_time) return {Refusal::clock_not_set, 0};
  if (now < blocked_until_) return {Refusal::history_lost, blocked_until_};
  const std::span<const Report> reports = window(now);
  const std::size_t allowed = std::min(limit, max_limit);
  if (reports.size() < allowed) return {};
  // The limit's last report but (limit - 1) must have left the window.
  return {Refusal::limit_reached, reports[reports.size() - allowed].time + window_seconds};
}

Status Ledger::record(std::int64_t now, std::uint32_t limit, Ratio deviation) {
  if (deviation.numerator == 0 || deviation.denominator == 0)
    return Error{ErrorCode::invalid_argument, "the deviation of the noise is not above 0"};
  if (!may_report(now, limit).granted()) return Error{ErrorCode::out_of_range, "the device may not report now"};
  const std::int64_t time = effective(now);
  const std::span<const Report> kept = window(now);
  std::copy(kept.begin(), kept.end(), recent_.begin());
  count_ = static_cast<std::uint32_t>(kept.size());
  recent_[count_] = {time, deviation};
  ++count_;
  std::fill(recent_.begin() + count_, recent_.end(), Report{});
  reports_ = std::min(reports_ + 1, max_reports);
  squared_mu_ += squared_mu_of(deviation);
  return Ok{};
}

std::uint32_t Ledger::reports_in_window(std::int64_t now) const noexcept {
  return static_cast<std::uint32_t>(window(now).size());
}

double Ledger::epsilon_in_window(std::int64_t now, double delta) const noexcept {
  double squared_mu = 0;
  for (const Report& report : window(now)) squared_mu += squared_mu_of(report.deviation);
  return gaussian_epsilon(std::sqrt(squared_mu), delta);
}

double Ledger::epsilon_in_all(double delta) const noexcept { return gaussian_epsilon(std::sqrt(squared_mu_), delta); }

}  // namespace sotto::privacy
