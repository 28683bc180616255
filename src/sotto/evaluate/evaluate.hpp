// Ranking the whole catalogue for every held-out target, for any number of arms side by side.
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
  std::vector<std::uint32_t> cutoffs = {1, 5, 10, 20};
  // Take the items of the user's history out of the ranking (the target stays): the protocol of logs in
  // which nobody meets an item twice.
  bool exclude_history = false;
  std::uint64_t bootstrap_seed = 1;
  std::uint32_t threads = 0;  // 0: all cores; the result does not depend on it
  const std::atomic<bool>* stop = nullptr;  // when set, evaluation ends with ErrorCode::interrupted
};

// A mean over all targets, with its 95 % interval (bootstrap.hpp).
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

// Of hit_curve: HR@1, HR@2, …
inline constexpr std::uint32_t hit_curve_length = 50;

struct ArmMetrics {
  std::string name;
  ArmKind kind = ArmKind::model;
  Accuracy accuracy = {};
  // Minus the best baseline's, on the same targets; empty for that baseline itself and without baselines.
  std::optional<Accuracy> ahead = {};
  // Of each cut-off's lists: the mean popularity percentile of the items in them, and the share of the arm's
  // items that are in any of them.
  std::vector<Estimate> popularity = {};
  std::vector<double> coverage = {};
  // Of each cut-off's list made before a basket: the mean share of the basket's items that are in it. Empty when no
  // basket has two items.
  std::vector<Estimate> basket_recall = {};
  std::vector<double> hit_curve = {};  // [hit_curve_length]
  std::uint64_t unknown_targets = 0;
};

// A part of the targets; in each dimension every target is in one slice.
struct Slice {
  std::string_view dimension;  // "history", "popularity" or "repeat"
  std::string_view name;
  std::uint64_t targets = 0;
  // Of each arm at slice_cutoff; not a number without targets.
  std::vector<Estimate> hr = {};
  std::vector<Estimate> ndcg = {};
  std::vector<Estimate> ndcg_ahead = {};  // minus the best baseline's; empty without baselines
};
inline constexpr std::uint32_t slice_cutoff = 10;

struct Evaluation {
  std::vector<std::uint32_t> cutoffs;
  std::size_t main_cutoff = 0;  // the place of the one that summaries show: of 10, or else the last
  std::vector<ArmMetrics> arms = {};
  std::optional<std::size_t> best_baseline = {};  // the arm with the highest NDCG at the main cut-off
  Estimate target_popularity = {};                // mean popularity percentile of the targets
  std::vector<Slice> slices = {};
  std::uint64_t users = 0;  // with a target
  std::uint64_t targets = 0;
  std::uint64_t baskets = 0;  // held out whole (baskets.hpp); 0 when none has two items
  double seconds = 0;
};

// Replays each user's events once for each arm and ranks every target after the events before it.
// `on_progress` is called with users done and users in all, from one thread at a time; it may be empty.
[[nodiscard]] Result<Evaluation> evaluate(const data::Split& split, std::span<const Arm> arms,
                                          const EvaluateOptions& options,
                                          const std::function<void(std::size_t, std::size_t)>& on_progress);

}  // namespace sotto::evaluate
