// The timing loop: contenders take turns, round by round, so that whatever else the machine does meets all of them
// alike.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace sotto::measure {

using Clock = std::function<double()>;  // seconds since any moment
[[nodiscard]] double steady_seconds();

// A sample is as many calls as take at least this long, against which reading the clock does not count. As many untimed
// calls go before it, since the contender before has left its own data in the caches: figures are warm ones.
inline constexpr double least_sample_seconds = 200e-6;

// Rounds end with whichever limit comes first, but not before the first round is whole.
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

// `stop` is asked after every sample; when it says so, the unfinished round is left out.
[[nodiscard]] RoundTimes time_rounds(std::span<const std::function<void()>> contenders, const RoundLimits& limits,
                                     const Clock& clock, const std::function<bool(const RoundProgress&)>& stop);

}  // namespace sotto::measure
