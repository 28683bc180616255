// A thread for work that may wait for the disk: tasks one after the other, and one task again and again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace sotto::serve {

// May be used from several threads at a time.
class BackgroundThread {
 public:
  enum class Priority { normal, idle };  // idle: the system gives it what others leave (Linux)

  explicit BackgroundThread(Priority priority = Priority::normal);
  // Also runs `repeated` whenever `interval` has passed since its last end.
  BackgroundThread(std::chrono::milliseconds interval, std::function<void()> repeated);
  BackgroundThread(const BackgroundThread&) = delete;
  BackgroundThread& operator=(const BackgroundThread&) = delete;
  // Waits for the running task. Tasks that have not begun are dropped.
  ~BackgroundThread();

  // False where max_waiting tasks wait already: the task is dropped. A task may hold a request's body, so the bound is
  // also one of memory.
  [[nodiscard]] bool post(std::function<void()> task);
  static constexpr std::size_t max_waiting = 256;
  // Waits until every task that was posted before the call has run. Not for the thread itself.
  void drain();

 private:
  void run();
  bool add(std::function<void()> task, std::size_t max_before);

  const Priority priority_ = Priority::normal;
  const std::chrono::milliseconds interval_{0};
  const std::function<void()> repeated_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::thread thread_;  // last, so that it starts when the rest is there
};

}  // namespace sotto::serve
