// Saves users' states now and then, so that the store need not keep all their events.
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/serve/deployment.hpp>
#include <sotto/serve/due_users.hpp>
#include <sotto/serve/metrics.hpp>
#include <sotto/serve/users.hpp>
#include <sotto/store/store.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace sotto::serve {

// One thread of low priority: while requests come, it works a tenth of the time.
class Snapshots {
 public:
  static constexpr std::size_t max_together = 32;  // states of one transaction

  // `requests` is the number of requests so far. All that is referred to must outlive it.
  Snapshots(store::Store& store, Users& users, const Models& models, DueUsers& due, Metrics& metrics, app::Logger& log,
            std::function<std::uint64_t()> requests);
  Snapshots(const Snapshots&) = delete;
  Snapshots& operator=(const Snapshots&) = delete;
  ~Snapshots() { stop(); }

  // Saves the states that are due, for at most max_stop_time, then ends the thread.
  void stop();
  static constexpr std::chrono::seconds max_stop_time{5};

 private:
  void serve();
  // Saves states of some users that are due. Returns whether there were any and all went well.
  bool save_some(Scratch& scratch);
  void give_way(std::chrono::steady_clock::duration worked, std::uint64_t requests_before);

  store::Store& store_;
  Users& users_;
  const Models& models_;
  DueUsers& due_;
  Metrics& metrics_;
  app::Logger& log_;
  std::function<std::uint64_t()> requests_;
  std::atomic<bool> stops_{false};
  std::thread thread_;
};

}  // namespace sotto::serve
