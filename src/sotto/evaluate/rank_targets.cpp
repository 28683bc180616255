#include <sotto/evaluate/metrics.hpp>
#include <sotto/evaluate/rank_targets.hpp>
#include <sotto/evaluate/top_items.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace sotto::evaluate {
namespace {

constexpr std::uint32_t never_shown = std::numeric_limits<std::uint32_t>::max();
// Rankers compute the users of one turn together, so that the results do not depend on the threads.
constexpr std::size_t users_per_turn = 16;

// One user's targets, which are adjacent in RankingTask::targets.
struct UserTargets {
  std::size_t begin;
  std::size_t end;
};

struct RankingTask {
  const data::Split& split;
  std::span<const data::Target> targets;
  std::span<const Basket> baskets;
  std::span<const Arm> arms;
  const EvaluateOptions& options;
  std::vector<UserTargets> users = {};
  std::vector<std::vector<float>> popularity = {};  // for each arm: the percentile of each of the arm's items
  std::size_t list_length = 0;                      // length of the longest cut-off
  Rankings rankings = {};
  std::vector<std::vector<std::uint32_t>> best_place = {};  // for each arm's item: best place in any list, 1-based
  std::atomic<std::size_t> next{0};
  std::mutex mutex = {};  // guards best_place and the progress
};

// One thread's own rankers and buffers.
class RankingWorker {
 public:
  explicit RankingWorker(RankingTask& task) : task_(task) {
    for (const Arm& arm : task.arms) {
      rankers_.push_back(arm.ranker->clone());
      scores_.emplace_back(arm.items);
      best_place_.emplace_back(arm.items, never_shown);
    }
  }

  // Each arm sees the user's events once, from the first event to the one before the last target.
  void rank_user(const UserTargets& user) {
    for (std::size_t arm = 0; arm < task_.arms.size(); ++arm) {
      rankers_[arm]->reset();
      const auto events = task_.split.log().items_of(task_.targets[user.begin].user);
      std::size_t observed = 0;
      for (std::size_t target = user.begin; target < user.end; ++target) {
        const std::size_t event = task_.targets[target].event;
        for (; observed < event; ++observed) {
          if (const ItemIndex item = translate(arm, events[observed]); item != unknown_item) {
            rankers_[arm]->observe(item);
          }
        }
        const auto history = events.first(event);
        const ItemIndex item = translate(arm, events[event]);
        rankers_[arm]->scores_later(scores_[arm],
                                    [this, arm, target, history, item] { rank(arm, target, history, item); });
      }
    }
  }

  // Completes the computations that rank_user deferred.
  void finish_turn() {
    for (const auto& ranker : rankers_) ranker->finish();
  }

  // Precondition: the caller holds the task's mutex.
  void merge_lists() const {
    for (std::size_t arm = 0; arm < best_place_.size(); ++arm) {
      std::ranges::transform(best_place_[arm], task_.best_place[arm], task_.best_place[arm].begin(),
                             [](std::uint32_t a, std::uint32_t b) { return std::min(a, b); });
    }
  }

 private:
  [[nodiscard]] ItemIndex translate(std::size_t arm, ItemIndex log_item) const {
    const auto& index_of = task_.arms[arm].index_of;
    return index_of.empty() ? log_item : index_of[log_item];
  }

  // Precondition: the scores are computed.
  void rank(std::size_t arm, std::size_t target, std::span<const ItemIndex> history, ItemIndex item) {
    std::vector<double>& scores = scores_[arm];
    if (task_.options.exclude_history) {
      for (const ItemIndex log_item : history) {
        const ItemIndex past = translate(arm, log_item);
        if (past != unknown_item && past != item) scores[past] = -std::numeric_limits<double>::infinity();
      }
    }
    task_.rankings.ranks[target * task_.arms.size() + arm] =
        item == unknown_item ? missed : pessimistic_rank(scores, item);
    record_list(arm, target);
    const auto basket = std::ranges::lower_bound(task_.baskets, target, {}, &Basket::begin);
    if (basket != task_.baskets.end() && basket->begin == target) {
      record_basket(arm, static_cast<std::size_t>(basket - task_.baskets.begin()));
    }
  }

  void record_list(std::size_t arm, std::size_t target) {
    top_items(scores_[arm], task_.list_length, list_);
    popularity_sums_.assign(1, 0);
    for (std::size_t place = 0; place < list_.size(); ++place) {
      std::uint32_t& best = best_place_[arm][list_[place]];
      best = std::min(best, static_cast<std::uint32_t>(place + 1));
      popularity_sums_.push_back(popularity_sums_.back() + static_cast<double>(task_.popularity[arm][list_[place]]));
    }
    const auto& cutoffs = task_.options.cutoffs;
    float* means = &task_.rankings.list_popularity[(target * task_.arms.size() + arm) * cutoffs.size()];
    for (std::size_t c = 0; c < cutoffs.size(); ++c) {
      const std::size_t shown = std::min<std::size_t>(cutoffs[c], list_.size());
      means[c] = shown == 0 ? 0.0F : static_cast<float>(popularity_sums_[shown] / static_cast<double>(shown));
    }
  }

  // Uses the list that record_list made. Items that the arm does not know are misses.
  void record_basket(std::size_t arm, std::size_t basket) {
    const std::vector<ItemIndex> log_items = items_of_basket(task_.split, task_.targets, task_.baskets[basket]);
    std::vector<ItemIndex> items;
    for (const ItemIndex log_item : log_items) items.push_back(translate(arm, log_item));
    std::ranges::sort(items);
    std::vector<std::uint32_t> hits = {0};  // among the list's first 0, 1, … items
    for (const ItemIndex item : list_) {
      hits.push_back(hits.back() + static_cast<std::uint32_t>(std::ranges::binary_search(items, item)));
    }
    const auto& cutoffs = task_.options.cutoffs;
    float* recall = &task_.rankings.basket_recall[(basket * task_.arms.size() + arm) * cutoffs.size()];
    for (std::size_t c = 0; c < cutoffs.size(); ++c) {
      const std::size_t shown = std::min<std::size_t>(cutoffs[c], list_.size());
      recall[c] = static_cast<float>(hits[shown]) / static_cast<float>(items.size());
    }
  }

  RankingTask& task_;
  std::vector<std::unique_ptr<Ranker>> rankers_;
  std::vector<std::vector<double>> scores_;
  std::vector<std::vector<std::uint32_t>> best_place_;
  std::vector<ItemIndex> list_;
  std::vector<double> popularity_sums_;  // of the list's first 0, 1, … items
};

std::vector<UserTargets> group_by_user(std::span<const data::Target> targets) {
  std::vector<UserTargets> users;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (i == 0 || targets[i].user != targets[i - 1].user) users.push_back({i, i});
    users.back().end = i + 1;
  }
  return users;
}

// Items that only the arm knows have no training event.
std::vector<float> popularity_for(const Arm& arm, std::span<const double> popularity) {
  std::vector<float> values(arm.items, 0.0F);
  for (std::size_t log_item = 0; log_item < popularity.size(); ++log_item) {
    const std::size_t item = arm.index_of.empty() ? log_item : arm.index_of[log_item];
    if (item != unknown_item) values[item] = static_cast<float>(popularity[log_item]);
  }
  return values;
}

bool stop_requested(const EvaluateOptions& options) noexcept {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}

void rank_all_users(RankingTask& task, const std::function<void(std::size_t, std::size_t)>& on_progress) {
  std::size_t done = 0;
  const auto work = [&] {
    RankingWorker worker(task);
    while (!stop_requested(task.options)) {
      const std::size_t begin = task.next.fetch_add(users_per_turn);
      if (begin >= task.users.size()) break;
      const std::size_t end = std::min(begin + users_per_turn, task.users.size());
      for (std::size_t user = begin; user < end && !stop_requested(task.options); ++user) {
        worker.rank_user(task.users[user]);
      }
      worker.finish_turn();
      if (on_progress) {
        const std::scoped_lock lock(task.mutex);
        on_progress(done += end - begin, task.users.size());
      }
    }
    const std::scoped_lock lock(task.mutex);
    worker.merge_lists();
  };
  const std::size_t wanted = task.options.threads > 0 ? task.options.threads : std::thread::hardware_concurrency();
  const std::size_t useful = (task.users.size() + users_per_turn - 1) / users_per_turn;
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(wanted, useful); ++i) others.emplace_back(work);
  work();
}

}  // namespace

Rankings rank_targets(const data::Split& split, std::span<const data::Target> targets, std::span<const Basket> baskets,
                      std::span<const Arm> arms, std::span<const double> popularity, const EvaluateOptions& options,
                      const std::function<void(std::size_t, std::size_t)>& on_progress) {
  RankingTask task{.split = split, .targets = targets, .baskets = baskets, .arms = arms, .options = options};
  task.users = group_by_user(targets);
  task.list_length = options.cutoffs.empty() ? 0 : std::ranges::max(options.cutoffs);
  task.rankings.arms = arms.size();
  task.rankings.cutoffs = options.cutoffs.size();
  task.rankings.ranks.resize(targets.size() * arms.size());
  task.rankings.list_popularity.resize(targets.size() * arms.size() * options.cutoffs.size());
  task.rankings.basket_recall.resize(baskets.size() * arms.size() * options.cutoffs.size());
  for (const Arm& arm : arms) {
    task.popularity.push_back(popularity_for(arm, popularity));
    task.best_place.emplace_back(arm.items, never_shown);
  }
  rank_all_users(task, on_progress);

  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    for (const std::uint32_t cutoff : options.cutoffs) {
      const auto shown = std::ranges::count_if(task.best_place[arm], [&](auto place) { return place <= cutoff; });
      task.rankings.coverage.push_back(static_cast<double>(shown) / static_cast<double>(arms[arm].items));
    }
  }
  return std::move(task.rankings);
}

}  // namespace sotto::evaluate
