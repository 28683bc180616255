#include <sotto/train/thread_pool.hpp>

#include <algorithm>

namespace sotto::train {

ThreadPool::ThreadPool(std::size_t threads) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  workers_.reserve(threads - 1);
  for (std::size_t i = 1; i < threads; ++i) {
    workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

ThreadPool::~ThreadPool() = default;

void ThreadPool::run(std::size_t count, const std::function<void(std::size_t)>& job) {
  {
    const std::lock_guard lock(mutex_);
    job_ = &job;
    count_ = count;
    next_ = 0;
    busy_ = workers_.size();
    ++round_;
  }
  begin_.notify_all();
  take_jobs();
  std::unique_lock lock(mutex_);
  end_.wait(lock, [this] { return busy_ == 0; });
}

void ThreadPool::take_jobs() {
  for (std::size_t i = next_++; i < count_; i = next_++) (*job_)(i);
}

void ThreadPool::work(const std::stop_token& stop) {
  std::size_t seen_round = 0;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!begin_.wait(lock, stop, [&] { return round_ != seen_round; })) return;
      seen_round = round_;
    }
    take_jobs();
    {
      const std::lock_guard lock(mutex_);
      --busy_;
    }
    end_.notify_one();
  }
}

}  // namespace sotto::train
