// The one thread that sends the store's outbox to a topic. An event leaves the outbox when the broker has it for good;
// after a crash in between it is sent again, under the same event_id.
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/serve/metrics.hpp>
#include <sotto/serve/topic.hpp>
#include <sotto/store/store.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace sotto::serve {

// What the outbox keeps of an event: the record's value without its event_id, which follows from the event's number.
[[nodiscard]] std::string outgoing_value(const store::Event& event, const std::string& recommendation_id);

// The record of an entry.
[[nodiscard]] Topic::Message message_of(const store::OutboxEntry& entry);

// wake() may be called from several threads at a time.
class OutboxSender {
 public:
  static constexpr std::size_t max_together = 1000;  // entries in memory
  static constexpr std::chrono::seconds max_stop_time{5};

  // All that is referred to must outlive the sender. `server` is this server's name among those of the store.
  OutboxSender(store::Store& store, std::unique_ptr<Topic> topic, Metrics& metrics, app::Logger& log,
               std::string server);
  OutboxSender(const OutboxSender&) = delete;
  OutboxSender& operator=(const OutboxSender&) = delete;
  ~OutboxSender() { stop(); }

  // The outbox has something new.
  void wake();
  // Sends what is left, for at most max_stop_time, then ends the thread. What was not sent stays in the outbox.
  void stop();

 private:
  using Steady = std::chrono::steady_clock;
  enum class Outcome { all_sent, more, failed };

  void serve();
  [[nodiscard]] Outcome send_some();
  // Whether this server may send. Asks the store now and then.
  [[nodiscard]] bool leads();
  [[nodiscard]] bool gives_up();
  // Of an outbox in which so many entries were found, max_together at most.
  void measure(std::size_t read);
  // Counts the outbox now and then.
  void measure();
  void report(const Error& error);

  store::Store& store_;
  const std::unique_ptr<Topic> topic_;
  Metrics& metrics_;
  app::Logger& log_;
  const std::string server_;
  Steady::time_point led_until_{};
  Steady::time_point measured_{};
  bool is_failing_ = false;
  std::mutex mutex_;  // of what follows
  std::condition_variable came_;
  bool has_new_ = true;
  bool stops_ = false;
  Steady::time_point stop_at_{};
  std::thread thread_;
};

}  // namespace sotto::serve
