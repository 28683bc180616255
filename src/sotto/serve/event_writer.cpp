#include <sotto/serve/event_writer.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace sotto::serve {

EventWriter::EventWriter(store::Store& store, Users& users, DueUsers& due, Metrics& metrics,
                         std::uint64_t snapshot_every)
    : store_(store), users_(users), due_(due), metrics_(metrics), snapshot_every_(snapshot_every), thread_([this] {
        serve();
      }) {}

bool EventWriter::write(EventWrite request) {
  {
    const std::scoped_lock lock(mutex_);
    if (stops_ || waiting_.size() >= max_waiting) return false;
    waiting_.push_back(std::move(request));
    metrics_.writer_queue.set(static_cast<std::int64_t>(waiting_.size()));
  }
  came_.notify_one();
  return true;
}

void EventWriter::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stops_ = true;
  }
  came_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void EventWriter::serve() {
  std::vector<EventWrite> taken;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [&] { return stops_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      if (waiting_.size() <= max_together) {
        taken.swap(waiting_);
      } else {
        const auto end = waiting_.begin() + max_together;
        taken.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
      }
      metrics_.writer_queue.set(static_cast<std::int64_t>(waiting_.size()));
    }
    write_all(taken);
    taken.clear();
  }
}

void EventWriter::write_all(std::vector<EventWrite>& requests) {
  std::vector<store::Append> appends;
  appends.reserve(requests.size());
  for (EventWrite& request : requests) appends.push_back(std::move(request.append));
  const auto start = std::chrono::steady_clock::now();
  auto results = store_.append(appends);
  metrics_.commit_time.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  metrics_.commit_requests.observe(static_cast<double>(requests.size()));
  if (!results) {
    metrics_.commit_failures.add();
    for (const EventWrite& request : requests) request.done(results.error());
    return;
  }
  for (std::size_t n = 0; n < requests.size(); ++n) {
    store::Appended& appended = (*results)[n];
    if (appended.kind == store::Appended::Kind::added) {
      const store::Append& append = appends[n];
      // A request that comes after the answer must find the events.
      users_.committed(append.user, appended.head, append.events);
      const std::uint64_t before = appended.head.last - append.events.size();
      if (before / snapshot_every_ != appended.head.last / snapshot_every_) due_.add(append.user);
      metrics_.events_accepted.add(append.events.size());
    } else if (appended.kind == store::Appended::Kind::repeated) {
      metrics_.events_repeated.add();
    }
    requests[n].done(std::move(appended));
  }
}

}  // namespace sotto::serve
