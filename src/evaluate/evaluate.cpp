#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/metrics.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

namespace sotto::evaluate {
namespace {

constexpr std::uint32_t missed = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t users_per_turn = 32;

struct Task {
  const data::Split& split;
  std::span<const Arm> arms;
  const EvaluateOptions& options;
  std::vector<data::Target> targets = {};
  std::vector<std::uint32_t> ranks = {};  // [targets × arms]
  std::atomic<std::size_t> next{0};
};

// One thread's own rankers and score buffers.
class Worker {
 public:
  explicit Worker(Task& task) : task_(task) {
    for (const Arm& arm : task.arms) {
      rankers_.push_back(arm.ranker->clone());
      scores_.emplace_back(arm.items);
    }
  }

  void rank_target(std::size_t place) {
    const auto& [user, event] = task_.targets[place];
    const auto all = task_.split.log().items_of(user);
    for (std::size_t arm = 0; arm < task_.arms.size(); ++arm) {
      task_.ranks[place * task_.arms.size() + arm] = rank(arm, all.first(event), all[event]);
    }
  }

 private:
  std::uint32_t rank(std::size_t arm, std::span<const ItemIndex> history, ItemIndex log_target) {
    const auto& index_of = task_.arms[arm].index_of;
    const auto translate = [&](ItemIndex item) { return index_of.empty() ? item : index_of[item]; };
    const ItemIndex target = translate(log_target);
    if (target == unknown_item) return missed;

    Ranker& ranker = *rankers_[arm];
    ranker.reset();
    for (const ItemIndex log_item : history) {
      if (const ItemIndex item = translate(log_item); item != unknown_item) ranker.observe(item);
    }
    std::vector<double>& scores = scores_[arm];
    ranker.scores(scores);
    if (task_.options.exclude_history) {
      for (const ItemIndex log_item : history) {
        const ItemIndex item = translate(log_item);
        if (item != unknown_item && item != target) scores[item] = -std::numeric_limits<double>::infinity();
      }
    }
    return pessimistic_rank(scores, target);
  }

  Task& task_;
  std::vector<std::unique_ptr<Ranker>> rankers_;
  std::vector<std::vector<double>> scores_;
};

bool stop_requested(const EvaluateOptions& options) noexcept {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}

void rank_all_targets(Task& task, const std::function<void(std::size_t, std::size_t)>& on_progress) {
  std::mutex progress_mutex;
  std::size_t done = 0;
  const auto work = [&] {
    Worker worker(task);
    while (!stop_requested(task.options)) {
      const std::size_t begin = task.next.fetch_add(users_per_turn);
      if (begin >= task.targets.size()) return;
      const std::size_t end = std::min(begin + users_per_turn, task.targets.size());
      for (std::size_t place = begin; place < end; ++place) worker.rank_target(place);
      if (on_progress) {
        const std::scoped_lock lock(progress_mutex);
        on_progress(done += end - begin, task.targets.size());
      }
    }
  };
  const std::size_t wanted = task.options.threads > 0 ? task.options.threads : std::thread::hardware_concurrency();
  const std::size_t useful = (task.targets.size() + users_per_turn - 1) / users_per_turn;
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(wanted, useful); ++i) others.emplace_back(work);
  work();
}

// In the order of the users, so that the sums do not depend on which thread ranked whom.
ArmMetrics summarize(const Task& task, std::size_t arm) {
  const auto& cutoffs = task.options.cutoffs;
  ArmMetrics metrics{.name = task.arms[arm].name,
                     .hr = std::vector<double>(cutoffs.size()),
                     .ndcg = std::vector<double>(cutoffs.size()),
                     .mrr = std::vector<double>(cutoffs.size())};
  for (std::size_t place = 0; place < task.targets.size(); ++place) {
    const std::uint32_t rank = task.ranks[place * task.arms.size() + arm];
    if (rank == missed) ++metrics.unknown_targets;
    for (std::size_t c = 0; c < cutoffs.size(); ++c) {
      metrics.hr[c] += hit_rate(rank, cutoffs[c]);
      metrics.ndcg[c] += ndcg(rank, cutoffs[c]);
      metrics.mrr[c] += reciprocal_rank(rank, cutoffs[c]);
    }
  }
  const auto users = static_cast<double>(task.targets.size());
  for (auto* values : {&metrics.hr, &metrics.ndcg, &metrics.mrr}) {
    for (double& value : *values) value /= users;
  }
  return metrics;
}

}  // namespace

Result<Evaluation> evaluate(const data::Split& split, std::span<const Arm> arms, const EvaluateOptions& options,
                            const std::function<void(std::size_t, std::size_t)>& on_progress) {
  const auto start = std::chrono::steady_clock::now();
  Task task{.split = split, .arms = arms, .options = options};
  task.targets = options.target == Target::test ? data::test_targets(split) : data::validation_targets(split);
  if (task.targets.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "the split holds nothing out: no user has 3 or more events, or everything was trained on"};
  }
  task.ranks.resize(task.targets.size() * arms.size());
  rank_all_targets(task, on_progress);
  if (stop_requested(options)) return Error{ErrorCode::interrupted, "evaluation was stopped"};

  Evaluation evaluation{.cutoffs = options.cutoffs, .users = task.targets.size()};
  for (std::size_t arm = 0; arm < arms.size(); ++arm) evaluation.arms.push_back(summarize(task, arm));
  evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return evaluation;
}

}  // namespace sotto::evaluate
