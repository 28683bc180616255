// The timing loop. Contenders take turns, round by round, so that other load on the machine affects all of them
// equally.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace sotto::measure {

using Clock = std::function<double()>;  // seconds since any fixed moment
[[nodiscard]] double steady_seconds();

// A sample has enough calls to take at least this long, so that the time to read the clock is negligible. The same
// number of untimed calls precedes it, because the previous contender has left its own data in the caches. The figures
// are therefore those of warm caches.
inline constexpr double min_sample_seconds = 200e-6;

// Rounds end at the limit that is reached first, but not before the first round is complete.
struct RoundLimits {
  std::size_t rounds = 0;  // 0: no limit
  double seconds = 0;  // counted from the start of the warm-up
};

struct RoundProgress {
  std::size_t rounds = 0;
  double seconds = 0;
};

struct RoundTimes {
  std::vector<std::vector<double>> seconds;  // [contender][round], time of one call
  std::vector<std::size_t> calls;  // [contender], in each sample
  std::size_t rounds = 0;
  double total_seconds = 0;
  bool stopped = false;
};

// Calls `stop` after every sample. If it returns true, the unfinished round is left out.
[[nodiscard]] RoundTimes time_rounds(std::span<const std::function<void()>> contenders, const RoundLimits& limits,
                                     const Clock& clock, const std::function<bool(const RoundProgress&)>& stop);

}  // namespace sotto::measure
