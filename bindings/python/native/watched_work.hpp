// Work that takes long: it runs in a thread of its own, without the interpreter's lock. The thread that called from
// Python tells Python how far it is, and looks for signals.
#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace sotto::python {

class WatchedWork {
 public:
  // `tell` is called with ("line", text) for a new state of the progress line, ("end", "") where the line is to stay as
  // it is, ("clear", "") where it goes away, and ("epoch", a JSON object) after each epoch.
  explicit WatchedWork(nanobind::callable tell) : tell_(std::move(tell)) {}

  // Runs the work and waits for it. Python's exceptions, of `tell` and of signals' handlers, ask the work to stop and
  // are thrown when it has stopped; otherwise what the work throws. Precondition: the caller has the interpreter's
  // lock.
  void run(const std::function<void()>& work);

  // From any thread.
  void tell(std::string kind, std::string text);
  [[nodiscard]] const std::atomic<bool>& stop() const noexcept { return stop_; }

 private:
  struct Message {
    std::string kind;
    std::string text;
  };

  nanobind::callable tell_;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;  // guards the following members
  std::condition_variable news_;
  std::vector<Message> messages_;
  bool done_ = false;
};

}  // namespace sotto::python
