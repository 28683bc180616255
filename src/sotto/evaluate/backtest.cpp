#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/backtest.hpp>
#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/metrics.hpp>
#include <sotto/evaluate/model_rankers.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>

namespace sotto::evaluate {
namespace {

using Clock = std::chrono::steady_clock;

std::size_t slice_of(std::size_t events_seen) {
  std::size_t slice = events_seen_slices.size() - 1;
  while (events_seen < events_seen_slices[slice].from) --slice;
  return slice;
}

// A user's row of sums. It has targets and the targets of each slice. For each arm it has hits, NDCG, reciprocal ranks
// and NDCG by slice.
struct BacktestColumns {
  static constexpr std::size_t targets = 0;
  static constexpr std::size_t slices = events_seen_slices.size();
  static constexpr std::size_t of_arm = 3 + slices;

  [[nodiscard]] static std::size_t slice_targets(std::size_t slice) { return 1 + slice; }
  [[nodiscard]] static std::size_t hits(std::size_t arm) { return 1 + slices + arm * of_arm; }
  [[nodiscard]] static std::size_t ndcg(std::size_t arm) { return hits(arm) + 1; }
  [[nodiscard]] static std::size_t reciprocal_rank(std::size_t arm) { return hits(arm) + 2; }
  [[nodiscard]] static std::size_t slice_ndcg(std::size_t arm, std::size_t slice) { return hits(arm) + 3 + slice; }
  [[nodiscard]] static std::size_t count(std::size_t arms) { return hits(arms); }
};

struct ReplayTask {
  const data::Split& split;
  const std::vector<BacktestArm>& arms;
  const BacktestOptions& options;
  std::vector<std::size_t> users = {};  // users with a target
  std::size_t columns = 0;
  std::vector<double> sums = {};  // [users × columns]
  std::vector<std::size_t> bytes = {};  // [users × arms]
  std::atomic<std::size_t> next{0};
  std::mutex mutex = {};  // guards the times and the progress
  std::vector<std::vector<float>> microseconds = {};  // [arms]: time to learn from each event

  [[nodiscard]] bool stopped() const {
    return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
  }
};

// One thread's own learners and buffers.
class ReplayWorker {
 public:
  explicit ReplayWorker(ReplayTask& task) : task_(task), microseconds_(task.arms.size()) {
    for (const BacktestArm& arm : task.arms) {
      learners_.push_back(arm.learner->clone());
      scores_.emplace_back(arm.items);
    }
  }

  void replay(std::size_t place) {
    for (std::size_t arm = 0; arm < task_.arms.size(); ++arm) replay(place, arm);
  }

  // Precondition: the caller holds the task's mutex.
  void hand_over_times() const {
    for (std::size_t arm = 0; arm < microseconds_.size(); ++arm) {
      auto& all = task_.microseconds[arm];
      all.insert(all.end(), microseconds_[arm].begin(), microseconds_[arm].end());
    }
  }

 private:
  [[nodiscard]] ItemIndex translate(std::size_t arm, ItemIndex log_item) const {
    const auto& index_of = task_.arms[arm].index_of;
    return index_of.empty() ? log_item : index_of[log_item];
  }

  void replay(std::size_t place, std::size_t arm) {
    const std::size_t user = task_.users[place];
    const auto items = task_.split.log().items_of(user);
    const auto times = task_.split.log().times_of(user);
    const std::size_t learning_begins = task_.split.training_items(user).size();
    const data::EventRange targets = task_.split.test_targets(user);
    Learner& learner = *learners_[arm];
    double* sums = &task_.sums[place * task_.columns];
    learner.reset();
    for (std::size_t event = 0; event < targets.end; ++event) {
      const ItemIndex item = translate(arm, items[event]);
      if (event >= targets.begin) {
        learner.scores(times[event], scores_[arm]);
        count(arm, items.first(event), item, event - targets.begin, sums);
      }
      if (item == unknown_item) continue;
      const TimedEvent timed{item, times[event]};
      if (event < learning_begins) {
        learner.recall(timed);
        continue;
      }
      const Clock::time_point start = Clock::now();
      learner.learn(timed);
      microseconds_[arm].push_back(std::chrono::duration<float, std::micro>(Clock::now() - start).count());
    }
    task_.bytes[place * task_.arms.size() + arm] = learner.state_bytes();
  }

  // Counts a target whose scores are computed.
  void count(std::size_t arm, std::span<const ItemIndex> history, ItemIndex item, std::size_t events_seen,
             double* sums) {
    std::vector<double>& scores = scores_[arm];
    if (task_.options.exclude_history) {
      for (const ItemIndex log_item : history) {
        const ItemIndex past = translate(arm, log_item);
        if (past != unknown_item && past != item) scores[past] = -std::numeric_limits<double>::infinity();
      }
    }
    const std::size_t slice = slice_of(events_seen);
    if (arm == 0) {
      ++sums[BacktestColumns::targets];
      ++sums[BacktestColumns::slice_targets(slice)];
    }
    if (item == unknown_item) return;
    const std::uint32_t rank = pessimistic_rank(scores, item);
    sums[BacktestColumns::hits(arm)] += hit_rate(rank, backtest_cutoff);
    sums[BacktestColumns::ndcg(arm)] += ndcg(rank, backtest_cutoff);
    sums[BacktestColumns::reciprocal_rank(arm)] += reciprocal_rank(rank, backtest_cutoff);
    sums[BacktestColumns::slice_ndcg(arm, slice)] += ndcg(rank, backtest_cutoff);
  }

  ReplayTask& task_;
  std::vector<std::unique_ptr<Learner>> learners_;
  std::vector<std::vector<double>> scores_;
  std::vector<std::vector<float>> microseconds_;
};

void replay_all_users(ReplayTask& task, const std::function<void(std::size_t, std::size_t)>& on_progress) {
  std::size_t done = 0;
  const auto work = [&] {
    ReplayWorker worker(task);
    while (!task.stopped()) {
      const std::size_t place = task.next.fetch_add(1);
      if (place >= task.users.size()) break;
      worker.replay(place);
      const std::scoped_lock lock(task.mutex);
      ++done;
      if (on_progress) on_progress(done, task.users.size());
    }
    const std::scoped_lock lock(task.mutex);
    worker.hand_over_times();
  };
  const std::size_t wanted = task.options.threads > 0 ? task.options.threads : std::thread::hardware_concurrency();
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(wanted, task.users.size()); ++i) others.emplace_back(work);
  work();
}

double median(std::vector<float> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return static_cast<double>(*middle);
}

UserDifferences compare_users(const ReplayTask& task) {
  UserDifferences differences;
  for (std::size_t place = 0; place < task.users.size(); ++place) {
    const double* sums = &task.sums[place * task.columns];
    const double by = (sums[BacktestColumns::ndcg(personal_arm)] - sums[BacktestColumns::ndcg(base_arm)]) /
                      sums[BacktestColumns::targets];
    ++differences.users;
    differences.helped += by > 0 ? 1U : 0U;
    differences.harmed += by < 0 ? 1U : 0U;
    differences.helped_notably += by > notable_difference ? 1U : 0U;
    differences.harmed_notably += by < -notable_difference ? 1U : 0U;
    std::size_t bar = unchanged_bar;
    for (const double edge : difference_edges) {
      if (by > edge) ++bar;
      if (by < -edge) --bar;
    }
    ++differences.histogram[bar];
  }
  return differences;
}

}  // namespace

std::vector<BacktestArm> backtest_arms(const data::Split& split, const Engine& engine, const Catalogue& catalogue) {
  std::vector<BacktestArm> arms;
  const auto add_baseline = [&](std::string name, std::unique_ptr<Ranker> ranker) {
    arms.push_back({std::move(name), make_fixed_learner(std::move(ranker)), split.log().item_ids.size()});
  };
  const auto add_model = [&](std::string name, std::unique_ptr<Learner> learner) {
    arms.push_back({std::move(name), std::move(learner), catalogue.size(), map_items(split.log(), catalogue)});
  };
  add_baseline("popularity", make_popularity_ranker(split));
  add_baseline("frequency", make_own_past_ranker(split, frequency_kept_share));
  add_baseline("sequential_knn", make_sequential_knn_ranker(split));
  add_model("base", make_fixed_learner(make_fixed_ranker(engine)));
  add_model("memory", make_personal_learner(engine, {.memory = true, .taste = false, .gate = false}));
  add_model("head", make_personal_learner(engine, {.memory = false, .taste = true, .gate = false}));
  add_model("personal", make_personal_learner(engine, {}));
  return arms;
}

Result<Backtest> backtest(const data::Split& split, const std::vector<BacktestArm>& arms,
                          const BacktestOptions& options,
                          const std::function<void(std::size_t, std::size_t)>& on_progress) {
  const Clock::time_point start = Clock::now();
  ReplayTask task{.split = split, .arms = arms, .options = options};
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    if (!split.test_targets(user).empty()) task.users.push_back(user);
  }
  if (task.users.empty()) return Error{ErrorCode::invalid_argument, "nothing to replay: the split holds no event out"};
  task.columns = BacktestColumns::count(arms.size());
  task.sums.resize(task.users.size() * task.columns);
  task.bytes.resize(task.users.size() * arms.size());
  task.microseconds.resize(arms.size());
  replay_all_users(task, on_progress);
  if (task.stopped()) return Error{ErrorCode::interrupted, "the backtest was interrupted"};

  const Bootstrap bootstrap(task.sums, task.columns, {.seed = options.bootstrap_seed, .threads = options.threads});
  const auto estimate = [&](std::size_t sum, std::size_t count) -> Estimate {
    const Ratio ratio{sum, count};
    return {bootstrap.mean(ratio), bootstrap.interval(ratio)};
  };
  Backtest result;
  result.users = task.users.size();
  result.targets = static_cast<std::uint64_t>(bootstrap.total(BacktestColumns::targets));
  for (std::size_t slice = 0; slice < BacktestColumns::slices; ++slice) {
    result.targets_by_events_seen[slice] =
        static_cast<std::uint64_t>(bootstrap.total(BacktestColumns::slice_targets(slice)));
  }
  const Ratio base{BacktestColumns::ndcg(base_arm), BacktestColumns::targets};
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    const Ratio ndcg{BacktestColumns::ndcg(arm), BacktestColumns::targets};
    BacktestArmResult& of_arm = result.arms.emplace_back();
    of_arm.name = arms[arm].name;
    of_arm.hr = estimate(BacktestColumns::hits(arm), BacktestColumns::targets);
    of_arm.ndcg = estimate(ndcg.sum, ndcg.count);
    of_arm.mrr = estimate(BacktestColumns::reciprocal_rank(arm), BacktestColumns::targets);
    of_arm.ndcg_ahead = {bootstrap.mean(ndcg) - bootstrap.mean(base), bootstrap.difference(ndcg, base)};
    for (std::size_t slice = 0; slice < BacktestColumns::slices; ++slice) {
      of_arm.ndcg_by_events_seen[slice] =
          estimate(BacktestColumns::slice_ndcg(arm, slice), BacktestColumns::slice_targets(slice));
    }
    of_arm.us_per_event = median(std::move(task.microseconds[arm]));
    for (std::size_t place = 0; place < task.users.size(); ++place) {
      const std::size_t bytes = task.bytes[place * arms.size() + arm];
      of_arm.bytes_per_user += static_cast<double>(bytes) / static_cast<double>(task.users.size());
      of_arm.max_bytes = std::max(of_arm.max_bytes, bytes);
    }
  }
  result.differences = compare_users(task);
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return result;
}

}  // namespace sotto::evaluate
