// The threads that compute and that may wait for the store. The server's own threads never do.
#pragma once

#include <sotto/serve/metrics.hpp>
#include <sotto/serve/model_scratch.hpp>
#include <sotto/serve/ranking.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

namespace sotto::serve {

// May be used from several threads at a time.
class Workers {
 public:
  using Job = std::function<void(Scratch&)>;

  // The ranking and the metrics must outlive the workers. `capacity` bounds the requests that wait.
  Workers(Ranking& ranking, Metrics& metrics, unsigned threads, std::size_t capacity);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { stop(); }

  // Each returns false, and keeps nothing, if too many wait already.
  [[nodiscard]] bool run(Job job);
  [[nodiscard]] bool rank(RankTask task);
  // All tasks wait, or none.
  [[nodiscard]] bool rank_all(std::vector<RankTask> tasks);
  // Takes a job that no request waits for, in any case.
  void run_later(Job job);

  // Finishes what waits, then ends the threads. Further jobs are refused.
  void stop();

 private:
  using Waiting = std::variant<Job, RankTask>;

  void serve();
  void gather(std::unique_lock<std::mutex>& lock);
  void take_alike(std::vector<RankTask>& tasks);

  Ranking& ranking_;
  Metrics& metrics_;
  std::size_t capacity_;
  std::mutex mutex_;  // of what follows
  std::condition_variable came_;
  std::deque<Waiting> queue_;
  std::size_t busy_ = 0;  // threads that compute
  bool stops_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sotto::serve
