// Ranking the whole catalogue for every held-out target, for any number of arms side by side.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/split.hpp>
#include <sotto/evaluate/ranker.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sotto::evaluate {

// An item of the log that an arm does not know.
inline constexpr ItemIndex unknown_item = std::numeric_limits<ItemIndex>::max();

// One of the things compared. An arm ranks all the items it knows, which need not be the log's.
struct Arm {
  std::string name;
  std::unique_ptr<Ranker> ranker;
  std::size_t items = 0;  // that the ranker scores
  // The log's item index → the ranker's, or unknown_item; empty when they are the same. Unknown items of a
  // history are passed over, unknown targets are misses.
  std::vector<ItemIndex> index_of = {};
};

enum class Target { validation, test };

struct EvaluateOptions {
  Target target = Target::test;
  std::vector<std::uint32_t> cutoffs = {1, 5, 10, 20};
  // Take the items of the user's history out of the ranking (the target stays): the protocol of logs in
  // which nobody meets an item twice.
  bool exclude_history = false;
  std::uint32_t threads = 0;  // 0: all cores; the result does not depend on it
  const std::atomic<bool>* stop = nullptr;  // when set, evaluation ends with ErrorCode::interrupted
};

// Means over the users with a target, one for each cut-off.
struct ArmMetrics {
  std::string name;
  std::vector<double> hr;
  std::vector<double> ndcg;
  std::vector<double> mrr;
  std::uint64_t unknown_targets = 0;
};

struct Evaluation {
  std::vector<std::uint32_t> cutoffs;
  std::vector<ArmMetrics> arms = {};
  std::uint64_t users = 0;  // with a target
  double seconds = 0;
};

// Replays each user's training events (and for the test target the validation event) and ranks the target.
// `on_progress` is called with users done and users in all, from one thread at a time; it may be empty.
[[nodiscard]] Result<Evaluation> evaluate(const data::Split& split, std::span<const Arm> arms,
                                          const EvaluateOptions& options,
                                          const std::function<void(std::size_t, std::size_t)>& on_progress);

}  // namespace sotto::evaluate
