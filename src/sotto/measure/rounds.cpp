#include <sotto/measure/rounds.hpp>

#include <algorithm>
#include <chrono>
#include <limits>

namespace sotto::measure {
namespace {

using Call = std::function<void()>;

double sample_seconds(const Call& call, std::size_t calls, const Clock& clock) {
  const double start = clock();
  for (std::size_t i = 0; i < calls; ++i) call();
  return clock() - start;
}

// The first call fills caches and touches pages. The shortest of three samples counts. An interrupted sample would seem
// long enough with too few calls.
std::size_t warm_up(const Call& call, const Clock& clock) {
  constexpr int tries = 3;
  call();
  for (std::size_t calls = 1;; calls *= 2) {
    double shortest = std::numeric_limits<double>::infinity();
    for (int i = 0; i < tries && shortest >= min_sample_seconds; ++i) {
      shortest = std::min(shortest, sample_seconds(call, calls, clock));
    }
    if (shortest >= min_sample_seconds) return calls;
  }
}

}  // namespace

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

RoundTimes time_rounds(std::span<const Call> contenders, const RoundLimits& limits, const Clock& clock,
                       const std::function<bool(const RoundProgress&)>& stop) {
  const double start = clock();
  RoundTimes times;
  times.seconds.resize(contenders.size());
  const auto asked_to_stop = [&] {
    times.total_seconds = clock() - start;
    times.stopped = stop({times.rounds, times.total_seconds});
    return times.stopped;
  };
  for (const Call& call : contenders) {
    times.calls.push_back(warm_up(call, clock));
    if (asked_to_stop()) return times;
  }
  std::vector<double> round(contenders.size());
  do {
    for (std::size_t c = 0; c < contenders.size(); ++c) {
      for (std::size_t i = 0; i < times.calls[c]; ++i) contenders[c]();
      round[c] = sample_seconds(contenders[c], times.calls[c], clock) / static_cast<double>(times.calls[c]);
      if (asked_to_stop()) return times;
    }
    for (std::size_t c = 0; c < contenders.size(); ++c) times.seconds[c].push_back(round[c]);
    ++times.rounds;
  } while (times.rounds != limits.rounds && times.total_seconds < limits.seconds);
  return times;
}

}  // namespace sotto::measure
