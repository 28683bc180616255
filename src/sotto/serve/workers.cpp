#include <sotto/serve/workers.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sotto::serve {
namespace {

// Requests that are ranked together cost less each. While half of the threads compute, the next one waits this long for
// as many requests.
constexpr std::chrono::milliseconds gathering_time{5};
constexpr std::size_t gathered_requests = 8;

}  // namespace

Workers::Workers(Ranking& ranking, Metrics& metrics, unsigned threads, std::size_t capacity)
    : ranking_(ranking), metrics_(metrics), capacity_(capacity) {
  for (unsigned n = 0; n < threads; ++n) threads_.emplace_back([this] { serve(); });
}

bool Workers::run(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (stops_ || queue_.size() >= capacity_) return false;
    queue_.emplace_back(std::move(job));
    metrics_.compute_queue.set(static_cast<std::int64_t>(queue_.size()));
  }
  came_.notify_one();
  return true;
}

bool Workers::rank(RankTask task) {
  std::vector<RankTask> one;
  one.push_back(std::move(task));
  return rank_all(std::move(one));
}

bool Workers::rank_all(std::vector<RankTask> tasks) {
  {
    const std::scoped_lock lock(mutex_);
    if (stops_ || queue_.size() + tasks.size() > capacity_) return false;
    for (RankTask& task : tasks) queue_.emplace_back(std::move(task));
    metrics_.compute_queue.set(static_cast<std::int64_t>(queue_.size()));
  }
  came_.notify_one();
  return true;
}

void Workers::run_later(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (stops_) return;
    queue_.emplace_back(std::move(job));
  }
  came_.notify_one();
}

void Workers::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stops_ = true;
  }
  came_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Workers::gather(std::unique_lock<std::mutex>& lock) {
  const auto may_begin = [&] {
    return stops_ || 2 * busy_ < threads_.size() || queue_.empty() || queue_.size() >= gathered_requests;
  };
  if (!may_begin()) came_.wait_for(lock, gathering_time, may_begin);
}

// Takes the next tasks of the same version. An explanation takes long: it is ranked alone.
void Workers::take_alike(std::vector<RankTask>& tasks) {
  const auto is_alone = [](const RankTask& task) { return task.wishes->explain; };
  const LoadedModel* model = tasks.front().model.get();
  if (is_alone(tasks.front())) return;
  // The others of the queue are left for the threads that are free, of which this is one.
  const std::size_t free = threads_.size() > busy_ ? threads_.size() - busy_ : 1;
  const std::size_t share = std::max<std::size_t>(1, (queue_.size() + free) / free);
  const std::size_t limit = std::min(Ranking::max_together, share);
  while (!queue_.empty() && tasks.size() < limit) {
    auto* next = std::get_if<RankTask>(&queue_.front());
    if (next == nullptr || next->model.get() != model || is_alone(*next)) return;
    tasks.push_back(std::move(*next));
    queue_.pop_front();
  }
}

void Workers::serve() {
  Scratch scratch;
  std::vector<RankTask> tasks;
  while (true) {
    Waiting first;
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [&] { return stops_ || !queue_.empty(); });
      gather(lock);
      if (queue_.empty()) {
        if (stops_) return;
        continue;
      }
      first = std::move(queue_.front());
      queue_.pop_front();
      if (auto* task = std::get_if<RankTask>(&first)) {
        tasks.push_back(std::move(*task));
        take_alike(tasks);
      }
      ++busy_;
      metrics_.compute_queue.set(static_cast<std::int64_t>(queue_.size()));
      if (!queue_.empty()) came_.notify_one();
    }
    if (tasks.empty()) {
      std::get<Job>(first)(scratch);
    } else {
      ranking_.rank(tasks, scratch);
      tasks.clear();
    }
    const std::scoped_lock lock(mutex_);
    --busy_;
  }
}

}  // namespace sotto::serve
