#include "watched_work.hpp"

#include <chrono>
#include <exception>
#include <thread>
#include <utility>

namespace sotto::python {

namespace nb = nanobind;

// How long a signal, or a new state of the progress line, waits while there is no other news.
constexpr std::chrono::milliseconds interval{50};

void WatchedWork::run(const std::function<void()>& work) {
  std::exception_ptr failure;
  std::thread worker([&] {
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    done_ = true;
    news_.notify_one();
  });
  std::exception_ptr python_failure;
  for (bool done = false; !done;) {
    std::vector<Message> messages;
    {
      const nb::gil_scoped_release unlocked;
      std::unique_lock lock(mutex_);
      if (!done_) news_.wait_for(lock, interval);
      messages.swap(messages_);
      done = done_;
    }
    if (python_failure) continue;
    try {
      for (const Message& message : messages) tell_(message.kind, message.text);
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
    } catch (...) {
      python_failure = std::current_exception();
      stop_ = true;
    }
  }
  {
    const nb::gil_scoped_release unlocked;
    worker.join();
  }
  if (python_failure) std::rethrow_exception(python_failure);
  if (failure) std::rethrow_exception(failure);
}

void WatchedWork::tell(std::string kind, std::string text) {
  const std::scoped_lock lock(mutex_);
  const bool is_line = kind == "line";
  // A newer line takes the place of one that nobody has seen.
  if (is_line && !messages_.empty() && messages_.back().kind == kind) {
    messages_.back().text = std::move(text);
    return;
  }
  messages_.push_back({std::move(kind), std::move(text)});
  if (!is_line) news_.notify_one();
}

}  // namespace sotto::python
