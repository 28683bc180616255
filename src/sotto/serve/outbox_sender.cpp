#include <sotto/serve/outbox_sender.hpp>
#include <sotto/stream/event.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace sotto::serve {
namespace {

using namespace std::chrono_literals;

constexpr auto idle_sleep = 1s;  // entries of other servers, and of a time before
constexpr int lead_seconds = 30;
constexpr auto lead_renewal = 10s;
constexpr auto measure_interval = 5s;

}  // namespace

std::string outgoing_value(const store::Event& event, const std::string& recommendation_id) {
  nlohmann::ordered_json value = {{"id", event.item},
                                  {"kind", stream::kind_name(static_cast<FeedbackKind>(event.kind))},
                                  {"amount", event.amount},
                                  {"at", event.at}};
  if (!recommendation_id.empty()) value["recommendation_id"] = recommendation_id;
  return value.dump();
}

Topic::Message message_of(const store::OutboxEntry& entry) {
  std::string value = entry.value;
  if (!value.empty()) value.pop_back();
  value += fmt::format(R"(,"event_id":"{:x}-{:x}"}})", entry.generation, entry.number);
  return {entry.user, std::move(value)};
}

OutboxSender::OutboxSender(store::Store& store, std::unique_ptr<Topic> topic, Metrics& metrics, app::Logger& log,
                           std::string server)
    : store_(store),
      topic_(std::move(topic)),
      metrics_(metrics),
      log_(log),
      server_(std::move(server)),
      thread_([this] { serve(); }) {}

void OutboxSender::wake() {
  {
    const std::scoped_lock lock(mutex_);
    has_new_ = true;
  }
  came_.notify_one();
}

void OutboxSender::stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (!stops_) stop_at_ = Steady::now() + max_stop_time;
    stops_ = true;
    has_new_ = true;  // since the last look
  }
  came_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void OutboxSender::serve() {
  while (true) {
    {
      const std::scoped_lock lock(mutex_);
      has_new_ = false;
    }
    const Outcome outcome = send_some();
    std::unique_lock lock(mutex_);
    if (stops_ && (outcome == Outcome::failed || Steady::now() >= stop_at_)) return;
    if (outcome == Outcome::more || (outcome == Outcome::all_sent && has_new_)) continue;
    if (stops_) return;
    // After a failure, new entries are no reason to hurry.
    came_.wait_for(lock, idle_sleep, [&] { return stops_ || (has_new_ && outcome != Outcome::failed); });
  }
}

OutboxSender::Outcome OutboxSender::send_some() {
  if (!leads()) return Outcome::all_sent;
  const auto entries = store_.outbox(max_together);
  if (!entries) {
    report(entries.error());
    return Outcome::failed;
  }
  measure(entries->size());
  if (entries->empty()) return Outcome::all_sent;
  std::vector<Topic::Message> messages;
  messages.reserve(entries->size());
  for (const store::OutboxEntry& entry : *entries) messages.push_back(message_of(entry));
  const std::vector<bool> acknowledged = topic_->send(messages, [this] { return gives_up(); });
  std::vector<std::uint64_t> sent;
  for (std::size_t place = 0; place < entries->size(); ++place) {
    if (acknowledged[place]) sent.push_back((*entries)[place].sequence);
  }
  metrics_.outbox_sent.add(sent.size());
  metrics_.outbox_failed.add(entries->size() - sent.size());
  if (const auto removed = store_.remove_sent(sent); !removed) {
    report(removed.error());
    return Outcome::failed;
  }
  is_failing_ = false;
  measure(entries->size() - sent.size());
  if (sent.size() < entries->size()) return Outcome::failed;
  return entries->size() == max_together ? Outcome::more : Outcome::all_sent;
}

bool OutboxSender::leads() {
  const auto now = Steady::now();
  if (now < led_until_ - std::chrono::seconds(lead_seconds) + lead_renewal) return true;
  const auto led = store_.lead_outbox(server_, lead_seconds);
  if (!led) report(led.error());
  if (led && *led) {
    led_until_ = now + std::chrono::seconds(lead_seconds);
    return true;
  }
  // Without an answer it leads as long as it was told.
  return !led && now < led_until_;
}

bool OutboxSender::gives_up() {
  measure();  // while the broker is down, one call of send lasts, and the outbox grows
  {
    const std::scoped_lock lock(mutex_);
    if (stops_ && Steady::now() >= stop_at_) return true;
  }
  return !leads();
}

void OutboxSender::measure(std::size_t read) {
  if (read < max_together)
    metrics_.outbox_length.set(static_cast<std::int64_t>(read));
  else
    measure();
}

void OutboxSender::measure() {
  const auto now = Steady::now();
  if (now - measured_ < measure_interval) return;
  measured_ = now;
  if (const auto size = store_.outbox_size()) metrics_.outbox_length.set(static_cast<std::int64_t>(*size));
}

// One line for a time in which the store fails.
void OutboxSender::report(const Error& error) {
  metrics_.background_failures.add();
  if (!is_failing_) log_.error("the outbox cannot be sent", {{"reason", error.detail}});
  is_failing_ = true;
}

}  // namespace sotto::serve
