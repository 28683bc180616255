// Events go to a topic through the outbox: in order, none is lost, and one that is sent again has the same event_id.
#include "shop.hpp"

#include <sotto/serve/outbox_sender.hpp>

#include <chrono>
#include <condition_variable>
#include <thread>

using namespace sotto;
using namespace std::chrono_literals;
using sotto::test::Json;

namespace {

// A topic that takes messages, or none while it is down.
class MemoryTopic final : public serve::Topic {
 public:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_down = false;
    bool hangs = false;  // says nothing until it is asked to give up
    std::size_t calls = 0;
    std::vector<Message> messages;

    void wait_for(const std::function<bool()>& condition) {
      std::unique_lock lock(mutex);
      changed.wait(lock, condition);
    }
    void set_down(bool down) {
      const std::scoped_lock lock(mutex);
      is_down = down;
    }
  };
  explicit MemoryTopic(Shared& shared) : shared_(shared) {}

  std::vector<bool> send(std::span<const Message> messages, const std::function<bool()>& gives_up) override {
    {
      const std::scoped_lock lock(shared_.mutex);
      ++shared_.calls;
      shared_.changed.notify_all();
      if (!shared_.hangs) {
        if (!shared_.is_down) shared_.messages.insert(shared_.messages.end(), messages.begin(), messages.end());
        return std::vector<bool>(messages.size(), !shared_.is_down);
      }
    }
    while (!gives_up()) std::this_thread::sleep_for(1ms);
    return std::vector<bool>(messages.size(), false);
  }

 private:
  Shared& shared_;
};

class Place {
 public:
  std::unique_ptr<serve::OutboxSender> start_sender() {
    return std::make_unique<serve::OutboxSender>(store, std::make_unique<MemoryTopic>(topic), metrics, log_, "server");
  }
  void append(const std::string& user, const std::vector<std::string>& items) {
    store::Append append{user, {}, "", "", "", 5, {}};
    for (const std::string& item : items) {
      append.events.push_back({item, 5, 1, 0});
      append.outgoing.push_back(serve::outgoing_value(append.events.back(), ""));
    }
    REQUIRE(store.append(std::span(&append, 1)));
  }
  // "user item" of each message.
  std::vector<std::string> sent() {
    const std::scoped_lock lock(topic.mutex);
    std::vector<std::string> all;
    for (const auto& message : topic.messages)
      all.push_back(message.key + " " + Json::parse(message.value)["id"].get<std::string>());
    return all;
  }
  std::vector<std::string> event_ids() {
    const std::scoped_lock lock(topic.mutex);
    std::vector<std::string> all;
    for (const auto& message : topic.messages)
      all.push_back(message.key + Json::parse(message.value)["event_id"].get<std::string>());
    return all;
  }
  void wait_for_sent(std::size_t count) {
    topic.wait_for([&] { return topic.messages.size() >= count; });
  }

  test::TemporaryFolder folder;
  test::ShopStore store{folder.path() / "sotto.db"};
  serve::Metrics metrics;
  MemoryTopic::Shared topic;

 private:
  std::ostringstream log_text_;
  app::Logger log_ = app::Logger::to_stream("shop", app::LogFormat::text, log_text_);
};

}  // namespace

TEST_CASE("the outbox goes to the topic in order, and is then empty") {
  Place place;
  place.append("ann", {"a1", "a2"});
  place.append("bob", {"b1"});
  const auto sender = place.start_sender();
  place.wait_for_sent(3);
  place.append("ann", {"a3"});
  sender->wake();
  place.wait_for_sent(4);
  sender->stop();
  CHECK(place.sent() == std::vector<std::string>{"ann a1", "ann a2", "bob b1", "ann a3"});
  CHECK(place.store.outbox_size().value() == 0);
  CHECK(place.metrics.outbox_sent.value() == 4);
  CHECK(place.metrics.outbox_failed.value() == 0);
  CHECK(place.metrics.outbox_length.value() == 0);
}

TEST_CASE("while the topic is down the outbox grows, and then everything is sent once") {
  Place place;
  place.topic.is_down = true;
  place.append("ann", {"a1"});
  const auto sender = place.start_sender();
  place.topic.wait_for([&] { return place.topic.calls >= 1; });
  for (int i = 2; i <= 30; ++i) place.append("ann", {"a" + std::to_string(i)});
  CHECK(place.store.outbox_size().value() == 30);
  place.topic.set_down(false);
  sender->wake();
  place.wait_for_sent(30);
  sender->stop();
  const auto sent = place.sent();
  REQUIRE(sent.size() == 30);
  for (std::size_t i = 0; i < sent.size(); ++i) CHECK(sent[i] == "ann a" + std::to_string(i + 1));
  CHECK(place.store.outbox_size().value() == 0);
  CHECK(place.metrics.outbox_failed.value() >= 1);
}

TEST_CASE("an event whose removal failed is sent again under the same id") {
  Place place;
  place.append("ann", {"a1", "a2"});
  const auto all = place.store.outbox(10).value();
  {
    // The first sender ends between the broker's answer and the removal.
    MemoryTopic topic(place.topic);
    std::vector<serve::Topic::Message> messages;
    for (const auto& entry : all) messages.push_back(serve::message_of(entry));
    CHECK(topic.send(messages, [] { return false; }) == std::vector<bool>{true, true});
  }
  const auto sender = place.start_sender();
  place.wait_for_sent(4);
  sender->stop();
  const auto ids = place.event_ids();
  REQUIRE(ids.size() == 4);
  CHECK(ids[0] == ids[2]);
  CHECK(ids[1] == ids[3]);
  CHECK(ids[0] != ids[1]);
  CHECK(place.store.outbox_size().value() == 0);
}

TEST_CASE("a sender stops in time although the topic is silent, and its events stay") {
  Place place;
  place.topic.hangs = true;
  place.append("ann", {"a1"});
  const auto sender = place.start_sender();
  place.topic.wait_for([&] { return place.topic.calls >= 1; });
  sender->stop();
  CHECK(place.store.outbox_size().value() == 1);
  CHECK(place.sent().empty());
}

TEST_CASE("the outbox is measured while one call waits for the topic") {
  Place place;
  place.topic.hangs = true;
  place.append("ann", {"a1"});
  const auto sender = place.start_sender();
  place.topic.wait_for([&] { return place.topic.calls >= 1; });
  for (int i = 2; i <= 30; ++i) place.append("ann", {"a" + std::to_string(i)});
  while (place.metrics.outbox_length.value() < 30) std::this_thread::sleep_for(10ms);
  CHECK(place.metrics.outbox_length.value() == 30);
  {
    const std::scoped_lock lock(place.topic.mutex);
    CHECK(place.topic.calls == 1);
  }
  sender->stop();
}

TEST_CASE("a store that fails is asked again") {
  Place place;
  place.append("ann", {"a1"});
  place.store.fails = true;
  const auto sender = place.start_sender();
  while (place.metrics.background_failures.value() == 0) std::this_thread::sleep_for(1ms);
  place.store.fails = false;
  place.wait_for_sent(1);
  sender->stop();
  CHECK(place.store.outbox_size().value() == 0);
}

TEST_CASE("a record is what POST /v1/events takes, with its event_id") {
  const store::Event rating{"85123A", 1'760'000'000, 6, -0.25F};
  const store::OutboxEntry entry{7, "ann", 0x1f, 0x2a, serve::outgoing_value(rating, "AQD3")};
  const auto message = serve::message_of(entry);
  CHECK(message.key == "ann");
  CHECK(
      message.value ==
      R"({"id":"85123A","kind":"rating","amount":-0.25,"at":1760000000,"recommendation_id":"AQD3","event_id":"1f-2a"})");
  const store::OutboxEntry plain{7, "ann", 1, 1, serve::outgoing_value({"a\"b", 5, 1, 0}, "")};
  CHECK(Json::parse(serve::message_of(plain).value) ==
        Json::parse(R"({"id":"a\"b","kind":"click","amount":0,"at":5,"event_id":"1-1"})"));
}

TEST_CASE("what a page reports goes to the topic, once for each accepted event") {
  Place place;
  test::ShopModels models(test::shop_model(1));
  {
    const auto sender = place.start_sender();
    test::Shop shop(place.store, models, {}, sender.get());
    REQUIRE(shop.post("/v1/events", {{"user", "ann"}, {"events", {test::item_id(3), "no such item", test::item_id(4)}}})
                .status == 200);
    const std::vector<http::Header> key = {{"Idempotency-Key", "k"}};
    for (int i = 0; i < 2; ++i)
      REQUIRE(shop.post("/v1/events", {{"user", "bob"}, {"id", test::item_id(5)}, {"kind", "purchase"}}, key).status ==
              200);
    place.wait_for_sent(3);
    sender->stop();
  }
  CHECK(place.sent() == std::vector<std::string>{"ann item-3", "ann item-4", "bob item-5"});
  CHECK(Json::parse(place.topic.messages[2].value)["kind"] == "purchase");
  CHECK(Json::parse(place.topic.messages[2].value)["at"] == 1'700'000'000);

  // Without a topic nothing is put into the outbox.
  test::Shop shop(place.store, models);
  REQUIRE(shop.post("/v1/events", {{"user", "ann"}, {"id", test::item_id(3)}}).status == 200);
  CHECK(place.store.outbox_size().value() == 0);
}
