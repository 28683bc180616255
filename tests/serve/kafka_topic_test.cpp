// The producer against librdkafka's own mock of a cluster.
#include "shop.hpp"

#include <sotto/serve/outbox_sender.hpp>
#include <sotto/serve/topic.hpp>

#ifdef SOTTO_HAS_KAFKA

#include <array>
#include <thread>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

using namespace sotto;
using sotto::test::Json;

namespace {

constexpr int partitions = 4;

class MockCluster {
 public:
  MockCluster() {
    std::array<char, 256> problem{};
    host_ = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), problem.data(), problem.size());
    REQUIRE(host_ != nullptr);
    cluster_ = rd_kafka_mock_cluster_new(host_, 1);
    REQUIRE(cluster_ != nullptr);
    rd_kafka_mock_topic_create(cluster_, "events", partitions, 1);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(host_);
  }
  [[nodiscard]] std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  void set_down(bool down) {
    down ? rd_kafka_mock_broker_set_down(cluster_, 1) : rd_kafka_mock_broker_set_up(cluster_, 1);
  }
  void fail_once(rd_kafka_resp_err_t error) {
    constexpr std::int16_t produce_request = 0;
    rd_kafka_mock_push_request_errors(cluster_, produce_request, 1, error);
  }

  struct Read {
    int partition;
    std::string key;
    Json value;
  };
  // The first `count` messages of the topic, each partition in order.
  [[nodiscard]] std::vector<Read> read(std::size_t count) const {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    std::array<char, 256> problem{};
    for (const auto& [name, value] : {std::pair{"bootstrap.servers", brokers()}, {"group.id", std::string("test")}})
      REQUIRE(rd_kafka_conf_set(conf, name, value.c_str(), problem.data(), problem.size()) == RD_KAFKA_CONF_OK);
    rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, problem.data(), problem.size());
    REQUIRE(consumer != nullptr);
    rd_kafka_topic_partition_list_t* assigned = rd_kafka_topic_partition_list_new(partitions);
    for (int partition = 0; partition < partitions; ++partition)
      rd_kafka_topic_partition_list_add(assigned, "events", partition)->offset = RD_KAFKA_OFFSET_BEGINNING;
    REQUIRE(rd_kafka_assign(consumer, assigned) == RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_topic_partition_list_destroy(assigned);
    std::vector<Read> all;
    while (all.size() < count) {
      rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 100);
      if (message == nullptr) continue;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const std::string value(static_cast<const char*>(message->payload), message->len);
        all.push_back({message->partition, std::string(static_cast<const char*>(message->key), message->key_len),
                       Json::parse(value)});
      }
      rd_kafka_message_destroy(message);
    }
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    return all;
  }

 private:
  rd_kafka_t* host_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

class Producer {
 public:
  explicit Producer(const MockCluster& cluster)
      : options_{cluster.brokers(), "events", {"reconnect.backoff.max.ms=100"}} {}

  std::unique_ptr<serve::OutboxSender> start() {
    auto topic = serve::open_kafka_topic(options_, log_);
    REQUIRE(topic);
    return std::make_unique<serve::OutboxSender>(store, std::move(*topic), metrics, log_, "server");
  }
  void append(const std::string& user, int item) {
    store::Append append{user, {{"i" + std::to_string(item), 5, 1, 0}}, "", "", "", 5, {}};
    append.outgoing.push_back(serve::outgoing_value(append.events[0], ""));
    REQUIRE(store.append(std::span(&append, 1)));
  }
  void wait_until_sent(std::uint64_t count) {
    while (metrics.outbox_sent.value() < count) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  test::TemporaryFolder folder;
  test::ShopStore store{folder.path() / "sotto.db"};
  serve::Metrics metrics;

 private:
  serve::KafkaOptions options_;
  std::ostringstream log_text_;
  app::Logger log_ = app::Logger::to_stream("shop", app::LogFormat::text, log_text_);
};

// Each user's events are in one partition, each once, in order.
void check_in_order(const std::vector<MockCluster::Read>& messages, int each) {
  std::map<std::string, int> next;
  std::map<std::string, int> partition;
  for (const auto& message : messages) {
    CAPTURE(message.key);
    CHECK(message.value["id"] == "i" + std::to_string(next[message.key]++));
    CHECK(partition.try_emplace(message.key, message.partition).first->second == message.partition);
  }
  for (const auto& [user, count] : next) CHECK(count == each);
}

}  // namespace

TEST_CASE("a broker that is down loses nothing, and gets each user's events once and in order") {
  MockCluster cluster;
  Producer producer(cluster);
  for (int item = 0; item < 5; ++item) {
    for (const char* user : {"ann", "bob", "cid"}) producer.append(user, item);
  }
  const auto sender = producer.start();
  producer.wait_until_sent(15);
  cluster.set_down(true);
  for (int item = 5; item < 25; ++item) {
    for (const char* user : {"ann", "bob", "cid"}) producer.append(user, item);
    sender->wake();
  }
  CHECK(producer.store.outbox_size().value() == 60);
  cluster.set_down(false);
  producer.wait_until_sent(75);
  cluster.fail_once(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
  for (const char* user : {"ann", "bob", "cid"}) producer.append(user, 25);
  sender->wake();
  producer.wait_until_sent(78);
  sender->stop();
  CHECK(producer.store.outbox_size().value() == 0);
  check_in_order(cluster.read(78), 26);
}

TEST_CASE("a sender whose broker is down stops in time, and the next one sends the same events") {
  MockCluster cluster;
  Producer producer(cluster);
  cluster.set_down(true);
  for (int item = 0; item < 3; ++item) producer.append("ann", item);
  producer.start()->stop();
  CHECK(producer.store.outbox_size().value() == 3);
  cluster.set_down(false);
  const auto sender = producer.start();
  producer.wait_until_sent(3);
  sender->stop();
  check_in_order(cluster.read(3), 3);
}

TEST_CASE("users meet the partitions that Java's default partitioner gives them") {
  MockCluster cluster;
  Producer producer(cluster);
  // From org.apache.kafka.common.utils.Utils.murmur2, as its own tests have it: the hash, its sign taken off, modulo 4.
  const std::map<std::string, int> expected = {{"21", (-973932308 & 0x7fffffff) % partitions},
                                               {"foobar", (-790332482 & 0x7fffffff) % partitions},
                                               {"a-little-bit-long-string", (-985981536 & 0x7fffffff) % partitions}};
  for (const auto& [user, partition] : expected) producer.append(user, 0);
  const auto sender = producer.start();
  producer.wait_until_sent(3);
  sender->stop();
  for (const auto& message : cluster.read(3)) {
    CAPTURE(message.key);
    CHECK(message.partition == expected.at(message.key));
  }
}

TEST_CASE("settings that would lose or reorder events are not the operator's choice") {
  std::ostringstream text;
  app::Logger log = app::Logger::to_stream("shop", app::LogFormat::text, text);
  for (const char* setting : {"partitioner=consistent", "acks=1", "enable.idempotence=false", "message.timeout.ms=5",
                              "bootstrap.servers=x:1", "nonsense", "=1", "no.such.setting=1", "linger.ms=soon"}) {
    CAPTURE(setting);
    const auto topic = serve::open_kafka_topic({"127.0.0.1:1", "events", {setting}}, log);
    REQUIRE_FALSE(topic);
    CHECK(topic.error().code == ErrorCode::invalid_argument);
    CHECK(topic.error().detail.starts_with("--kafka-setting: "));
  }
}

#endif
