// The one thread that writes events. It takes all requests that wait and stores them in one transaction.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/serve/due_users.hpp>
#include <sotto/serve/metrics.hpp>
#include <sotto/serve/users.hpp>
#include <sotto/store/store.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sotto::serve {

struct EventWrite {
  store::Append append;
  // Called once, on the writer's thread: the events are on the disk, or nothing of the request is stored.
  std::function<void(Result<store::Appended>)> done;
};

// May be used from several threads at a time.
class EventWriter {
 public:
  static constexpr std::size_t max_together = 500;
  static constexpr std::size_t max_waiting = 10'000;  // requests

  // All that is referred to must outlive the writer. After every `snapshot_every` events, a user becomes due.
  EventWriter(store::Store& store, Users& users, DueUsers& due, Metrics& metrics, std::uint64_t snapshot_every);
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;
  ~EventWriter() { stop(); }

  // Returns false, and keeps nothing, if too many wait already.
  [[nodiscard]] bool write(EventWrite request);
  // Writes what waits, then ends the thread. Further requests are refused.
  void stop();

 private:
  void serve();
  void write_all(std::vector<EventWrite>& requests);

  store::Store& store_;
  Users& users_;
  DueUsers& due_;
  Metrics& metrics_;
  std::uint64_t snapshot_every_;
  std::mutex mutex_;  // of what follows
  std::condition_variable came_;
  std::vector<EventWrite> waiting_;
  bool stops_ = false;
  std::thread thread_;
};

}  // namespace sotto::serve
