#include <sotto/cli/bench_progress.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/present/words.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace sotto::cli {
BenchProgress::BenchProgress(const measure::RoundLimits& limits) : terminal_(stderr_is_terminal()), limits_(limits) {}

void BenchProgress::update(const measure::RoundProgress& progress) {
  constexpr double seconds_between_lines = 0.2;
  if (!terminal_ || progress.seconds - shown_at_ < seconds_between_lines) return;
  shown_at_ = progress.seconds;
  rewrite_line(progress.rounds == 0 ? std::string("warming up")
                                    : fmt::format("{} rounds measured, at most {} left", progress.rounds,
                                                  present::seconds_in_words(seconds_left(progress))));
}

void BenchProgress::finish() {
  if (terminal_) rewrite_line("");
}

double BenchProgress::seconds_left(const measure::RoundProgress& progress) const noexcept {
  double left = limits_.seconds - progress.seconds;
  if (limits_.rounds > 0) {
    const double per_round = progress.seconds / static_cast<double>(progress.rounds);
    left = std::min(left, per_round * static_cast<double>(limits_.rounds - progress.rounds));
  }
  return std::max(left, 0.0);
}

}  // namespace sotto::cli
