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

  // To be called by the fitting thread while no other thread works.
  void begin(FitStage stage, std::uint64_t planned_targets);
  void plan_further(std::uint64_t targets);
  void found(double ndcg10);
  void report();

  // To be called by any thread that has finished targets.
  void done(std::uint64_t targets);

 private:
  using Clock = std::chrono::steady_clock;

  void tell();  // precondition: telling_ is held

  const FitHooks& hooks_;
  std::atomic<std::uint64_t> targets_done_{0};
  std::mutex telling_;  // guards what follows while threads are at work
  FitProgress progress_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point stage_start_ = start_;
  Clock::time_point told_{};  // long ago: a stage tells at once
};

}  // namespace sotto::fit
