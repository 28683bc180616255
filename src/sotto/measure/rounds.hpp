// The timing loop. Contenders take turns, round by round, so that other load on the machine affects all of them
// equally.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace sotto::measure {

using Clock = std::function<double()>;  // seconds since any moment
[[nodiscard]] double steady_seconds();

// A sample has as many calls as take at least this long, so that reading the clock does not count. As many untimed
// calls precede it, because the contender before has left its own data in the caches: figures are those of warm caches.
inline constexpr double min_sample_seconds = 200e-6;

// Rounds end with the limit that comes first, but not before the first round is complete.
struct RoundLimits {
  std::size_t rounds = 0;  // 0: no limit
  double seconds = 0;  // since the warm-up began
};

struct RoundProgress {
  std::size_t rounds = 0;
  double seconds = 0;
};

struct RoundTimes {
  std::vector<std::vector<double>> seconds;  // [contender][round], of one call
  std::vector<std::size_t> calls;  // [contender], in each sample
  std::size_t rounds = 0;
  double total_seconds = 0;
  bool stopped = false;
};

// Asks `stop` after every sample. When it returns true, the unfinished round is left out.
[[nodiscard]] RoundTimes time_rounds(std::span<const std::function<void()>> contenders, const RoundLimits& limits,
                                     const Clock& clock, const std::function<bool(const RoundProgress&)>& stop);

}  // namespace sotto::measure
