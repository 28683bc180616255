// A few threads that share numbered jobs. Any thread may run any job, so jobs must not depend on their thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sotto::train {

class ThreadPool {
 public:
  // 0: the number of threads that the machine runs at once. The calling thread is one of them.
  explicit ThreadPool(std::size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  [[nodiscard]] std::size_t threads() const noexcept { return workers_.size() + 1; }

  // Runs job(0) … job(count - 1), each once, and returns when all are done. Jobs must not throw.
  void run(std::size_t count, const std::function<void(std::size_t)>& job);

 private:
  void work(const std::stop_token& stop);
  void take_jobs();

  std::mutex mutex_;
  std::condition_variable_any begin_;
  std::condition_variable_any end_;
  std::size_t round_ = 0;  // counts calls of run()
  std::size_t busy_ = 0;   // workers that have not finished this round
  const std::function<void(std::size_t)>* job_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_{0};
  std::vector<std::jthread> workers_;  // last member: the workers stop before other members are destroyed
};

}  // namespace sotto::train
