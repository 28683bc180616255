// The times of the user's latest events.
#pragma once

#include <sotto/model/history_term.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// Times are whole seconds since 1970, within ±2^53, so that the difference of two times cannot overflow.
inline constexpr std::int64_t max_seconds = std::int64_t{1} << 53;

// Clamps a time from outside to the range of times.
[[nodiscard]] constexpr std::int64_t clamp_seconds(std::int64_t time) noexcept {
  return std::clamp(time, -max_seconds, max_seconds);
}

// A value: the times of the events in a History. Its memory grows with them, up to history_capacity times.
class EventTimes {
 public:
  // Appends a time. An earlier time is raised to the latest event's time. If there are history_capacity times, the
  // oldest is removed. Precondition: the time is within ±max_seconds.
  void observe(std::int64_t time) {
    if (!times_.empty()) time = std::max(time, times_.back());
    if (times_.size() == history_capacity) times_.erase(times_.begin());
    times_.push_back(time);
  }
  // Lowers the times after a moment to it.
  void lower_to(std::int64_t latest) noexcept {
    for (auto time = times_.rbegin(); time != times_.rend() && *time > latest; ++time) *time = latest;
  }
  void clear() noexcept { times_.clear(); }
  // Replaces the times. Precondition: there are at most history_capacity times, in ascending order (equal times
  // allowed), within ±max_seconds.
  void assign(std::span<const std::int64_t> times) { times_.assign(times.begin(), times.end()); }

  // Oldest first.
  [[nodiscard]] std::span<const std::int64_t> all() const noexcept { return times_; }

 private:
  std::vector<std::int64_t> times_;
};

}  // namespace sotto
