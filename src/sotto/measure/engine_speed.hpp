// Measures an engine's speed on this machine. It runs every task in every tier, and measures the time to read the
// weights for comparison.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/measure/rounds.hpp>
#include <sotto/measure/spread.hpp>
#include <sotto/measure/task.hpp>
#include <sotto/numeric/kernels.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace sotto::measure {

struct SpeedPlan {
  std::vector<const Kernels*> tiers;  // slowest first
  std::vector<Task> tasks;            // tasks that the model's head cannot do are left out
  RoundLimits limits;
  std::uint64_t seed = 1;  // seed of the events
};

struct TaskSpeed {
  Task task;
  const Kernels* tier;
  Spread seconds;  // time of one call
  std::size_t calls_per_sample = 0;
  // Medians over the rounds. The first is empty if the reference tier is not in the plan, and the second without a
  // floor.
  std::optional<double> times_as_fast_as_reference = {};
  std::optional<double> share_of_floor = {};  // the floor's time / this task's time; 1 is as fast as the floor
};

struct FloorSpeed {
  WeightPart part;
  const Kernels* tier;
  std::size_t bytes = 0;
  Spread seconds;  // time of one pass
};

struct EngineSpeed {
  std::vector<TaskSpeed> tasks;    // by task, then by tier
  std::vector<FloorSpeed> floors;  // by weight part, then by tier
  std::size_t stored_state_bytes = 0;  // size for a user with a replay's history
  std::size_t rounds = 0;   // number of samples of each figure
  double total_seconds = 0;
  bool stopped = false;
};

// file: the bytes of a fixed-point model file. Fails with the errors of opening the file, and with `interrupted` if it
// was stopped before the first round was complete. Calls `stop` after every sample.
[[nodiscard]] Result<EngineSpeed> measure_engine(std::span<const std::byte> file, const SpeedPlan& plan,
                                                 const Clock& clock,
                                                 const std::function<bool(const RoundProgress&)>& stop);

}  // namespace sotto::measure
