#include <sotto/serve/live_user.hpp>

namespace sotto::serve {

void WaitingEvents::add(store::UserHead head, std::span<const store::Event> events) {
  const std::scoped_lock lock(mutex_);
  const bool is_same = head.generation == newest_.generation;
  if (is_same && head.last <= newest_.last) return;  // the store was read meanwhile
  const bool follows = is_same && head.last - events.size() == newest_.last;
  if (!follows || events_.size() + events.size() > capacity) events_.clear();
  if (events.size() <= capacity) events_.insert(events_.end(), events.begin(), events.end());
  newest_ = head;
}

void WaitingEvents::settle(store::UserHead head) {
  const std::scoped_lock lock(mutex_);
  if (newest_.generation == head.generation && newest_.last > head.last) return;
  newest_ = head;
  events_.clear();
}

store::UserHead WaitingEvents::newest() const {
  const std::scoped_lock lock(mutex_);
  return newest_;
}

std::optional<std::vector<store::Event>> WaitingEvents::take(store::UserHead after, store::UserHead upto) {
  const std::scoped_lock lock(mutex_);
  if (newest_ != upto || after.generation != upto.generation || after.last > upto.last) return std::nullopt;
  const std::size_t count = upto.last - after.last;
  if (events_.size() < count) return std::nullopt;
  std::vector<store::Event> events(events_.end() - static_cast<std::ptrdiff_t>(count), events_.end());
  events_.clear();
  return events;
}

}  // namespace sotto::serve
