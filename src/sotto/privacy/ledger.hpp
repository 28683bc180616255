// What a device has reported, and whether it may report again. The page keeps the ledger's bytes and nothing else
// decides.
//
// The rule: in the device's own time, no span of 28 days has more than `limit` reports. Times never go back: a clock
// that is behind the last report counts as standing at that report. So setting a clock back frees nothing, and what was
// reported under a clock that ran ahead blocks until the clock gets there again. A clock that jumps ahead by 28 days
// does free reports, because a device that was off for a month looks the same. The caller bounds that jump: it checks
// the signed manifest's beginning and expiry against the same clock first.
//
// The caller must record a report, and store the bytes durably, before it sends anything. A report whose sending fails
// stays recorded. It must hold a lock from reading the bytes to storing them, because two tabs would otherwise both be
// allowed.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/noise.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::privacy {

class Ledger {
 public:
  static constexpr std::int64_t window_seconds = std::int64_t{28} * 24 * 60 * 60;
  static constexpr std::uint32_t max_limit = 32;  // reports in 28 days
  // Clocks outside of these years are not set: 2020-01-01 and 2100-01-01, in seconds since 1970.
  static constexpr std::int64_t min_time = 1'577'836'800;
  static constexpr std::int64_t max_time = 4'102'444'800;
  static constexpr std::size_t max_bytes = 40 + 16 * std::size_t{max_limit};

  enum class Refusal : std::uint8_t {
    none = 0,
    limit_reached = 1,  // the limit's number of reports lies within 28 days
    clock_not_set = 2,  // now is not between min_time and max_time
    history_lost = 3,  // after damaged(), until 28 days have passed
    reports_stopped = 4  // the limit is 0
  };
  struct Permission {
    Refusal refusal = Refusal::none;
    std::int64_t earliest = 0;  // when the device may report if nothing else happens; 0 where that is unknown
    [[nodiscard]] bool granted() const noexcept { return refusal == Refusal::none; }
  };

  // A device that has never reported.
  Ledger() = default;

  // Reads what bytes() wrote. Errors: truncated, malformed, unsupported_version. The caller then goes on with
  // damaged().
  [[nodiscard]] static Result<Ledger> read(std::span<const std::byte> bytes);
  // The ledger to go on with where the stored one cannot be read: it allows nothing until 28 days from now, whatever
  // was reported before. Error: out_of_range if the clock is not set; the caller then sends nothing and keeps what is
  // stored.
  [[nodiscard]] static Result<Ledger> damaged(std::int64_t now);

  [[nodiscard]] std::vector<std::byte> bytes() const;

  // Whether the device may report at `now`, in seconds since 1970. A limit above max_limit counts as max_limit.
  [[nodiscard]] Permission may_report(std::int64_t now, std::uint32_t limit) const noexcept;
  // Enters a report that is about to be sent. `deviation` is the Gaussian noise of the one aggregator that is counted.
  // Errors: out_of_range if may_report() refuses, and invalid_argument if a part of the deviation is 0. Nothing has
  // changed then.
  Status record(std::int64_t now, std::uint32_t limit, Ratio deviation);

  // Reports in the 28 days up to now, and in all. After damage, those before it are not among them.
  [[nodiscard]] std::uint32_t reports_in_window(std::int64_t now) const noexcept;
  [[nodiscard]] std::uint64_t reports_in_all() const noexcept { return reports_; }
  [[nodiscard]] bool history_lost() const noexcept { return history_lost_; }

  // The epsilon of those reports at delta, for the sensitivity 1: exact for continuous Gaussian noise, under
  // composition (gaussian_privacy.hpp). Legal: 0 < delta < 1.
  [[nodiscard]] double epsilon_in_window(std::int64_t now, double delta) const noexcept;
  [[nodiscard]] double epsilon_in_all(double delta) const noexcept;

  friend bool operator==(const Ledger&, const Ledger&) = default;

 private:
  struct Report {
    std::int64_t time = 0;
    Ratio deviation;
    friend bool operator==(const Report&, const Report&) = default;
  };

  [[nodiscard]] std::span<const Report> recent() const noexcept { return std::span(recent_).first(count_); }
  [[nodiscard]] std::span<const Report> window(std::int64_t now) const noexcept;
  // The time that counts.
  [[nodiscard]] std::int64_t effective(std::int64_t now) const noexcept;
  [[nodiscard]] bool is_consistent() const noexcept;

  std::array<Report, max_limit> recent_{};  // in time order; the first count_
  std::uint32_t count_ = 0;
  bool history_lost_ = false;
  std::int64_t blocked_until_ = 0;
  std::uint64_t reports_ = 0;
  double squared_mu_ = 0;  // of all reports: the sum of 1 / deviation²
};

}  // namespace sotto::privacy
