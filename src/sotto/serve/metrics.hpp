// What the server counts about itself. Any thread may count at any time; nothing here waits. docs/metrics.md has the
// names under which /metrics shows these numbers.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace sotto::serve {

// A number that only grows.
class Counter {
 public:
  void add(std::uint64_t amount = 1) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// A number that rises and falls, such as the length of a queue.
class Gauge {
 public:
  void set(std::int64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t amount) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// Upper ends of a histogram's buckets, ascending. Values above the last one have a bucket of their own.
using BucketBounds = std::array<double, 16>;
inline constexpr BucketBounds time_bounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                             0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};  // seconds
inline constexpr BucketBounds count_bounds = {1,   2,   4,    8,    16,   32,   64,    128,
                                              256, 512, 1024, 2048, 4096, 8192, 16384, 32768};

class Histogram {
 public:
  explicit Histogram(const BucketBounds& bounds) noexcept : bounds_(bounds) {}

  void observe(double value) noexcept {
    const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
    counts_[static_cast<std::size_t>(bound - bounds_.begin())].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  [[nodiscard]] const BucketBounds& bounds() const noexcept { return bounds_; }
  // How many values fell into a bucket, 0 … bounds().size(). The last one has no upper end.
  [[nodiscard]] std::uint64_t count(std::size_t bucket) const noexcept {
    return counts_[bucket].load(std::memory_order_relaxed);
  }
  [[nodiscard]] double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }

 private:
  BucketBounds bounds_;
  std::array<std::atomic<std::uint64_t>, std::tuple_size_v<BucketBounds> + 1> counts_{};
  std::atomic<double> sum_{0};
};

// The requests of one route.
struct RouteMetrics {
  RouteMetrics(std::string_view route_method, std::string_view route_pattern)
      : method(route_method), pattern(route_pattern) {}

  // A request of the route was answered, `seconds` after it had arrived.
  void answered(unsigned status, double seconds) noexcept {
    answers[std::clamp(status / 100, 1U, 5U) - 1].add();
    time.observe(seconds);
  }

  std::string method;
  std::string pattern;  // "/v1/users/{id}/state"
  std::array<Counter, 5> answers;  // with a status of 1xx, 2xx, … 5xx
  Histogram time{time_bounds};
};

struct Metrics {
  // The numbers of a route. Each call makes new ones: it is for the time before the server runs, and the reference
  // stays good. Requests without a route share one entry, whose pattern is empty.
  [[nodiscard]] RouteMetrics& add_route(std::string_view method, std::string_view pattern) {
    return routes.emplace_back(method, pattern);
  }
  std::deque<RouteMetrics> routes;

  // Requests that the door refused.
  Counter refused_without_key;  // 401
  Counter refused_by_scope;  // 403

  // Events.
  Counter events_accepted;  // stored
  Counter events_unknown;  // of items that the user's model does not have: not stored
  Counter events_repeated;  // requests whose Idempotency-Key was seen before
  Counter choices_refused;  // events that cited a recommendation_id which is not good

  // The writer: one transaction for all requests that wait.
  Gauge writer_queue;  // requests that wait for it
  Histogram commit_requests{count_bounds};  // requests of a transaction
  Histogram commit_time{time_bounds};
  Counter commit_failures;

  // The outbox, where events wait for the topic.
  Gauge outbox_length;
  Counter outbox_sent;
  Counter outbox_failed;  // attempts, each of which is made again

  // Users in memory, and their states.
  Gauge users_in_memory;
  Counter user_hits;  // a request found its user in memory
  Counter user_loads;  // a user was read from the store
  Counter user_evictions;  // a user left memory for another one
  Counter users_carried_over;  // to another version of the model
  Histogram fold_time{time_bounds};  // of a user's waiting events into the state
  Counter folded_events;
  Gauge snapshot_backlog;  // users whose state is due to be saved
  Counter snapshots_saved;

  // The workers: one pass for all requests of a model that wait.
  Gauge compute_queue;
  Histogram compute_requests{count_bounds};  // requests of a pass
  Histogram compute_time{time_bounds};

  // Models.
  Counter models_loaded;
  Counter models_refused;  // uploads and files that could not be opened
  Counter model_downloads;
  Counter background_failures;  // of work that no request waits for; the log has the reasons
};

}  // namespace sotto::serve
