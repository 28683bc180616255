// Replays users in time order with recommenders that learn during the replay. It estimates the value of learning on the
// device. At every event of the replayed period, each arm first ranks the whole catalogue, then learns from the event.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/split.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/learner.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sotto::evaluate {

struct BacktestArm {
  std::string name;
  std::unique_ptr<Learner> learner;
  std::size_t items = 0;  // number of items that the learner scores
  // The rules of Arm::index_of apply. Unknown items of a history are skipped, and unknown targets are misses.
  std::vector<ItemIndex> index_of = {};
};

// Returns "popularity", "frequency" and "sequential_knn", which count the split's training events. Then it returns the
// model's arms: "base", "memory" and "head" (each added to the base, without the gate), and "personal", which has all
// parts and the gate. The engine must outlive the arms.
[[nodiscard]] std::vector<BacktestArm> backtest_arms(const data::Split& split, const Engine& engine,
                                                     const Catalogue& catalogue);
inline constexpr std::size_t base_arm = 3;
inline constexpr std::size_t personal_arm = 6;

struct BacktestOptions {
  bool exclude_history = false;  // as EvaluateOptions
  std::uint64_t bootstrap_seed = 1;
  std::uint32_t threads = 0;  // 0: all cores; only the measured times depend on it
  const std::atomic<bool>* stop = nullptr;  // when set, the backtest ends with ErrorCode::interrupted
};

inline constexpr std::uint32_t backtest_cutoff = 10;

// Slices by the number of events of the replayed period that the arm had seen from the user.
struct EventsSeen {
  const char* name;
  std::size_t from;
};
inline constexpr std::array<EventsSeen, 6> events_seen_slices{
    {{"0–4", 0}, {"5–19", 5}, {"20–49", 20}, {"50–99", 50}, {"100–199", 100}, {"200+", 200}}};

struct BacktestArmResult {
  std::string name;
  Estimate hr;  // all @10
  Estimate ndcg;
  Estimate mrr;
  Estimate ndcg_ahead;  // minus the base's
  std::array<Estimate, events_seen_slices.size()> ndcg_by_events_seen;  // NaN without targets
  double us_per_event = 0;  // median time to learn from one event
  double bytes_per_user = 0;  // mean at the end of the replay
  std::size_t max_bytes = 0;
};

// A notable difference of a user's NDCG@10 between the arms "personal" and "base".
inline constexpr double notable_difference = 0.02;
// The edges of the histogram's bars. The middle bar holds unchanged users. On both sides, a bar begins above each edge.
inline constexpr std::array<double, 5> difference_edges{0, 0.02, 0.05, 0.1, 0.2};
inline constexpr std::size_t unchanged_bar = difference_edges.size();
struct UserDifferences {
  std::uint64_t users = 0;
  std::uint64_t helped = 0;  // users with a difference above 0
  std::uint64_t harmed = 0;  // users with a difference below 0
  std::uint64_t helped_notably = 0;  // users with a difference above notable_difference
  std::uint64_t harmed_notably = 0;
  std::array<std::uint64_t, 2 * difference_edges.size() + 1> histogram{};
};

struct Backtest {
  std::vector<BacktestArmResult> arms;
  std::array<std::uint64_t, events_seen_slices.size()> targets_by_events_seen{};
  UserDifferences differences;
  std::uint64_t users = 0;  // users with a target
  std::uint64_t targets = 0;
  double seconds = 0;
};

// The replayed period is the split's test targets. Training events are recalled. The events between were not used to
// train the base. The arms learn from them, but they do not count. `on_progress` gets the number of finished users and
// of all users, from one thread at a time. It may be empty.
[[nodiscard]] Result<Backtest> backtest(const data::Split& split, const std::vector<BacktestArm>& arms,
                                        const BacktestOptions& options,
                                        const std::function<void(std::size_t, std::size_t)>& on_progress);

}  // namespace sotto::evaluate
