// When the user's latest events were.
#pragma once

#include <sotto/model/history_term.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// Times are whole seconds since 1970, within ±2^53, so that no difference of two overflows.
inline constexpr std::int64_t max_seconds = std::int64_t{1} << 53;

// Raises or lowers a time from outside to the range of times.
[[nodiscard]] constexpr std::int64_t clamp_seconds(std::int64_t time) noexcept {
  return std::clamp(time, -max_seconds, max_seconds);
}

// A value: the times of the events in a History. Its memory grows with them, up to history_capacity.
class EventTimes {
 public:
  // Appends a time. An earlier time is raised to the latest event's time. The oldest makes room where there are
  // history_capacity. Precondition: within ±max_seconds.
  void observe(std::int64_t time) {
    if (!times_.empty()) time = std::max(time, times_.back());
    if (times_.size() == history_capacity) times_.erase(times_.begin());
    times_.push_back(time);
  }
  void clear() noexcept { times_.clear(); }
  // Replaces the times. Precondition: at most history_capacity, which do not fall, within ±max_seconds.
  void assign(std::span<const std::int64_t> times) { times_.assign(times.begin(), times.end()); }

  // Oldest first.
  [[nodiscard]] std::span<const std::int64_t> all() const noexcept { return times_; }

 private:
  std::vector<std::int64_t> times_;
};

}  // namespace sotto
