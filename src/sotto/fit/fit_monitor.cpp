#include <sotto/fit/fit_monitor.hpp>

#include <algorithm>

namespace sotto::fit {
namespace {

constexpr std::chrono::milliseconds progress_interval{250};

}  // namespace

FitMonitor::FitMonitor(const FitHooks& hooks) : hooks_(hooks) {}

bool FitMonitor::stopped() const noexcept {
  return hooks_.stop != nullptr && hooks_.stop->load(std::memory_order_relaxed);
}

void FitMonitor::begin(FitStage stage, std::uint64_t planned_targets) {
  stage_start_ = Clock::now();
  told_ = {};
  targets_done_ = 0;
  progress_.stage = stage;
  progress_.targets_planned = planned_targets;
}

void FitMonitor::plan_further(std::uint64_t targets) { progress_.targets_planned += targets; }

void FitMonitor::found(double ndcg10) { progress_.best_validation = std::max(progress_.best_validation, ndcg10); }

void FitMonitor::report() {
  const std::lock_guard lock(telling_);
  tell();
}

void FitMonitor::done(std::uint64_t targets) {
  targets_done_ += targets;
  // If another thread is already reporting, this thread continues with its work.
  const std::unique_lock lock(telling_, std::try_to_lock);
  if (lock.owns_lock() && Clock::now() - told_ >= progress_interval) tell();
}

void FitMonitor::tell() {
  const auto seconds_since = [now = Clock::now()](Clock::time_point start) {
    return std::chrono::duration<double>(now - start).count();
  };
  told_ = Clock::now();
  progress_.targets_done = targets_done_;
  progress_.targets_per_second =
      static_cast<double>(progress_.targets_done) / std::max(seconds_since(stage_start_), 1e-9);
  progress_.seconds = seconds_since(start_);
  const auto left = static_cast<double>(progress_.targets_planned - progress_.targets_done);
  progress_.eta_seconds = progress_.targets_done == 0 ? 0 : left / progress_.targets_per_second;
  if (hooks_.on_progress) hooks_.on_progress(progress_);
}

}  // namespace sotto::fit
