// Reports the progress of a fit of the head's terms to its caller, and passes on the caller's request to stop.
#pragma once

#include <sotto/fit/fit_progress.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace sotto::fit {

class FitMonitor {
 public:
  explicit FitMonitor(const FitHooks& hooks);

  [[nodiscard]] bool stopped() const noexcept;
  [[nodiscard]] const std::atomic<bool>* stop() const noexcept { return hooks_.stop; }

  // Precondition: the fitting thread calls it while no other thread works.
  void begin(FitStage stage, std::uint64_t planned_targets);
  void plan_further(std::uint64_t targets);
  void found(double ndcg10);
  void report();

  // Any thread that has finished targets may call it.
  void done(std::uint64_t targets);

 private:
  using Clock = std::chrono::steady_clock;

  void tell();  // precondition: telling_ is held

  const FitHooks& hooks_;
  std::atomic<std::uint64_t> targets_done_{0};
  std::mutex telling_;  // guards the following members while threads work
  FitProgress progress_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point stage_start_ = start_;
  Clock::time_point told_{};  // a long time ago, so that a stage reports at once
};

}  // namespace sotto::fit
