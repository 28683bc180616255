#include <sotto/serve/background_thread.hpp>

#include <future>
#include <limits>
#include <memory>
#include <utility>

#ifdef __linux__
#include <sys/resource.h>
#endif

namespace sotto::serve {

BackgroundThread::BackgroundThread(Priority priority) : priority_(priority), thread_([this] { run(); }) {}

BackgroundThread::BackgroundThread(std::chrono::milliseconds interval, std::function<void()> repeated)
    : interval_(interval), repeated_(std::move(repeated)), thread_([this] { run(); }) {}

BackgroundThread::~BackgroundThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool BackgroundThread::post(std::function<void()> task) { return add(std::move(task), max_waiting); }

bool BackgroundThread::add(std::function<void()> task, std::size_t max_before) {
  {
    const std::lock_guard lock(mutex_);
    if (tasks_.size() >= max_before) return false;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_all();
  return true;
}

void BackgroundThread::drain() {
  const auto done = std::make_shared<std::promise<void>>();
  auto finished = done->get_future();
  add([done] { done->set_value(); }, std::numeric_limits<std::size_t>::max());
  finished.wait();
}

void BackgroundThread::run() {
#ifdef __linux__
  // On Linux the priority is the calling thread's alone. Without it the work is only less considerate.
  if (priority_ == Priority::idle) (void)::setpriority(PRIO_PROCESS, 0, 19);
#endif
  auto next = std::chrono::steady_clock::now() + interval_;
  std::unique_lock lock(mutex_);
  while (true) {
    const auto is_woken = [this] { return stopping_ || !tasks_.empty(); };
    if (repeated_) {
      changed_.wait_until(lock, next, is_woken);
    } else {
      changed_.wait(lock, is_woken);
    }
    if (stopping_) return;
    if (!tasks_.empty()) {
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    } else if (repeated_) {
      lock.unlock();
      repeated_();
      lock.lock();
      next = std::chrono::steady_clock::now() + interval_;
    }
  }
}

}  // namespace sotto::serve
