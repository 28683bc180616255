// The result of a simulation: what each arm is worth, over seeds of the noise and of the training, and the answer.
#pragma once

#include <sotto/evaluate/evaluate.hpp>
#include <sotto/simulate/replay.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sotto::simulate {

// Private sync is worth it where it is ahead of learning on the device by at least this many percent, with an interval
// above 0.
inline constexpr double worth_percent = 1;

// Means over all seeds.
struct ArmResult {
  std::string name;
  evaluate::Estimate ndcg = {};  // NDCG@10
  evaluate::Estimate new_ndcg = {};  // of targets that are new to the base; NaN without such targets
  evaluate::Estimate ahead = {};  // of "personal", in percent of its NDCG@10
  std::vector<double> ahead_by_seed = {};  // one for each base and each seed of the noise
};

// The noisy arm at a number of reports in a batch.
struct BatchResult {
  std::uint64_t reports = 0;
  ArmResult arm;
  [[nodiscard]] bool worth_it() const noexcept {
    return arm.ahead.value >= worth_percent && arm.ahead.interval.low > 0;
  }
};

struct RoundResult {
  double begins = 0;  // days since the first event
  bool warm_up = false;
  std::uint64_t devices = 0;
  std::uint64_t targets = 0;
  std::uint64_t new_targets = 0;
  std::vector<double> ndcg;  // of each arm; NaN without targets
  std::vector<double> new_ndcg;
  double prior = 0;  // of the noisy arm's trend, mean over seeds
  double gain = 0;  // nats for each report
};

// The results with rounds of one length.
struct RoundsResult {
  std::string name;  // "daily"
  double days = 0;
  std::vector<ArmResult> arms;  // in the order of arm_names(), those that were asked for
  std::vector<BatchResult> batches;  // by ascending number of reports; empty where the noisy arm was not asked for
  std::vector<RoundResult> rounds;
  std::uint64_t median_devices = 0;  // devices that reported in a round
};

struct Simulation {
  std::vector<RoundsResult> by_rounds;  // as SimulationOptions::round_days
  std::string noisy_arm;
  std::size_t bases = 0;  // number of replays
  std::uint64_t users = 0;  // with a target that counts
  std::uint64_t targets = 0;
  std::uint64_t new_targets = 0;
  // Of the first replay.
  std::size_t devices = 0;
  std::size_t events = 0;
  std::size_t unknown_events = 0;
  std::size_t items = 0;
  std::size_t new_items = 0;
  std::size_t slots = 0;

  // The smallest number of reports that is worth it, and the first rounds for which it is.
  struct Worth {
    std::uint64_t reports = 0;
    std::size_t rounds = 0;
  };
  std::optional<Worth> worth;
};

// Precondition: at least one replay; all are of one log, with these options.
[[nodiscard]] Simulation summarize(std::span<const Replay> replays, const SimulationOptions& options);

}  // namespace sotto::simulate
