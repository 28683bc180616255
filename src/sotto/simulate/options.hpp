// What is simulated.
#pragma once

#include <sotto/sync/trend_rule.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sotto::simulate {

struct SimulationOptions {
  // Lengths of the rounds, in days. After each round all active devices report, and a trend is published.
  std::vector<double> round_days = {1, 7};
  double noise = 8;  // deviation of each aggregator's noise, in reports
  // Counts are scaled to this number of reports; 0: no scaling, as many reports as the log has active devices.
  std::uint64_t reports_in_batch = 5000;
  // The numbers of reports among which the smallest one that is worth it is looked for; empty: none is.
  std::vector<std::uint64_t> batches = {500, 1000, 2000, 5000, 10'000, 20'000};
  std::uint32_t noise_seeds = 3;
  std::size_t max_slots = 4096;
  std::vector<std::string> arms = {};  // some of arm_names(); empty: all
  std::size_t every_nth_user = 1;
  sync::TrendRuleOptions rule = {};
  bool exclude_history = false;  // as EvaluateOptions
  std::uint64_t bootstrap_seed = 1;
  std::uint32_t threads = 0;  // 0: all cores; the result does not depend on it
  const std::atomic<bool>* stop = nullptr;  // when set, the simulation ends with ErrorCode::interrupted

  [[nodiscard]] bool asks_for(const std::string& arm) const;
};

inline constexpr double weak_noise = 4;

// "trend_z8" for a deviation of 8.
[[nodiscard]] std::string noisy_arm(double noise);
// All arms, in the order of the reports: "base", "personal", "trend", "trend_z4", the arm of `noise`, "adapter",
// "federated_head", "central", "counts".
[[nodiscard]] std::vector<std::string> arm_names(double noise);

// "daily", "weekly" or "every 3 days".
[[nodiscard]] std::string rounds_name(double days);

}  // namespace sotto::simulate
