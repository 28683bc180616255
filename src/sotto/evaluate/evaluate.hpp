// Ranks the whole catalogue for every held-out target, for any number of arms.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/split.hpp>
#include <sotto/evaluate/arm.hpp>
#include <sotto/evaluate/bootstrap.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::evaluate {

enum class Target { validation, test };

struct EvaluateOptions {
  Target target = Target::test;
  std::size_t max_targets = 0;  // of more targets, those of every nth user are ranked, about as many; 0: all
  std::vector<std::uint32_t> cutoffs = {1, 5, 10, 20};
  // Leaves the items of the user's history out of the ranking, except the target. This is the protocol for logs in
  // which users meet each item only once.
  bool exclude_history = false;
  std::uint64_t bootstrap_seed = 1;
  std::uint32_t threads = 0;  // 0: all cores; the result does not depend on it
  const std::atomic<bool>* stop = nullptr;  // when set, evaluation ends with ErrorCode::interrupted
};

// A mean over all targets with its 95 % interval (bootstrap.hpp).
struct Estimate {
  double value = 0;
  Interval interval = {};
};

// One for each cut-off.
struct Accuracy {
  std::vector<Estimate> hr;
  std::vector<Estimate> ndcg;
  std::vector<Estimate> mrr;
};

// The length of hit_curve, which holds HR@1, HR@2, …
inline constexpr std::uint32_t hit_curve_length = 50;

struct ArmMetrics {
  std::string name;
  ArmKind kind = ArmKind::model;
  Accuracy accuracy = {};
  // The difference from the best baseline on the same targets. Empty for that baseline itself and without baselines.
  std::optional<Accuracy> ahead = {};
  // For each cut-off's lists: the mean popularity percentile of their items, and the share of the arm's items that are
  // in at least one list.
  std::vector<Estimate> popularity = {};
  std::vector<double> coverage = {};
  // For each cut-off's list made before a basket: the mean share of the basket's items that are in the list. Empty if
  // no basket has two items.
  std::vector<Estimate> basket_recall = {};
  std::vector<double> hit_curve = {};  // [hit_curve_length]
  std::uint64_t unknown_targets = 0;
};

// A part of the targets. In each dimension every target is in exactly one slice.
struct Slice {
  std::string_view dimension;  // "history", "popularity" or "repeat"
  std::string_view name;
  std::uint64_t targets = 0;
  // For each arm at slice_cutoff. NaN without targets.
  std::vector<Estimate> hr = {};
  std::vector<Estimate> ndcg = {};
  std::vector<Estimate> ndcg_ahead = {};  // minus the best baseline's; empty without baselines
};
inline constexpr std::uint32_t slice_cutoff = 10;

struct Evaluation {
  std::vector<std::uint32_t> cutoffs;
  std::size_t main_cutoff = 0;  // place of the cut-off that summaries show: 10, or else the last
  std::vector<ArmMetrics> arms = {};
  std::optional<std::size_t> best_baseline = {};  // the arm with the highest NDCG at the main cut-off
  Estimate target_popularity = {};  // mean popularity percentile of the targets
  std::vector<Slice> slices = {};
  std::uint64_t users = 0;  // users with a target
  std::uint64_t targets = 0;
  std::uint64_t baskets = 0;  // baskets that are held out as a whole (baskets.hpp); 0 if none has two items
  double seconds = 0;
};

// Replays each user's events once for each arm and ranks every target after the events before it. `on_progress` gets
// the number of finished users and of all users, from one thread at a time. It may be empty.
[[nodiscard]] Result<Evaluation> evaluate(const data::Split& split, std::span<const Arm> arms,
                                          const EvaluateOptions& options,
                                          const std::function<void(std::size_t, std::size_t)>& on_progress);

}  // namespace sotto::evaluate
