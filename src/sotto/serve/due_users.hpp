// Users whose state is to be saved, in the order in which they became due.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace sotto::serve {

// May be used from several threads at a time. When it is full, a user is forgotten, and comes again with further
// events: what is saved late costs time, but loses nothing.
class DueUsers {
 public:
  explicit DueUsers(std::size_t capacity) : capacity_(capacity) {}

  void add(const std::string& user) {
    const std::scoped_lock lock(mutex_);
    if (users_.size() < capacity_ && known_.insert(user).second) users_.push_back(user);
  }

  [[nodiscard]] std::optional<std::string> take() {
    const std::scoped_lock lock(mutex_);
    if (users_.empty()) return std::nullopt;
    std::string user = std::move(users_.front());
    users_.pop_front();
    known_.erase(user);
    return user;
  }

  [[nodiscard]] std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return users_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::size_t capacity_;
  std::deque<std::string> users_;
  std::unordered_set<std::string> known_;
};

}  // namespace sotto::serve
