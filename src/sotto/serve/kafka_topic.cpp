#include <sotto/serve/topic.hpp>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sotto::serve {
namespace {

constexpr int poll_ms = 100;
constexpr int metadata_ms = 1000;
constexpr std::size_t max_topic_name = 249;  // Kafka's bound
constexpr std::int32_t any_partition = -1;  // RD_KAFKA_PARTITION_UA, which is a cast in C
constexpr int new_partitions = 8;           // as the worker of the stream
constexpr int broker_default = -1;          // copies of each partition

struct Setting {
  std::string name;
  std::string value;
};

// Java's default partitioner puts a user's events into the same partition as these do. A message waits for the broker
// as long as it takes: the outbox is durable, and a later event must not overtake it.
constexpr std::array<std::pair<const char*, const char*>, 4> fixed_settings = {
    {{"partitioner", "murmur2_random"}, {"enable.idempotence", "true"}, {"acks", "all"}, {"message.timeout.ms", "0"}}};
// Synonyms of those, and what is an option of its own.
constexpr std::array<std::string_view, 6> refused_settings = {"request.required.acks", "delivery.timeout.ms",
                                                              "bootstrap.servers",     "metadata.broker.list",
                                                              "transactional.id",      "enable.gapless.guarantee"};

Result<std::vector<Setting>> settings_of(const KafkaOptions& options) {
  std::vector<Setting> settings = {
      {"bootstrap.servers", options.brokers}, {"client.id", "sotto-serve"}, {"linger.ms", "5"}};
  for (const std::string& text : options.settings) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
      return Error{ErrorCode::invalid_argument, fmt::format("--kafka-setting: '{}' is not NAME=VALUE", text)};
    const std::string name = text.substr(0, equals);
    const bool is_fixed = std::ranges::find(fixed_settings, name, [](const auto& fixed) {
                            return std::string_view(fixed.first);
                          }) != fixed_settings.end();
    if (is_fixed || std::ranges::find(refused_settings, name) != refused_settings.end())
      return Error{ErrorCode::invalid_argument, fmt::format("--kafka-setting: '{}' cannot be chosen", name)};
    settings.push_back({name, text.substr(equals + 1)});
  }
  for (const auto& [name, value] : fixed_settings) settings.push_back({name, value});
  return settings;
}

// The messages of one call that wait for their reports. Each message's opaque pointer is its mark.
struct Mark {
  enum : char { waiting, acknowledged, failed } state = waiting;
};

class KafkaTopic final : public Topic {
 public:
  KafkaTopic(std::vector<Setting> settings, std::string topic, app::Logger& log)
      : settings_(std::move(settings)), topic_(std::move(topic)), log_(log) {}
  KafkaTopic(const KafkaTopic&) = delete;
  KafkaTopic& operator=(const KafkaTopic&) = delete;
  ~KafkaTopic() override { close(); }

  [[nodiscard]] Status open() {
    if (topic_.empty() || topic_.size() > max_topic_name)
      return Error{ErrorCode::invalid_argument, fmt::format("--kafka-topic: '{}' is no topic", topic_)};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    std::array<char, 512> problem{};
    for (const auto& [name, value] : settings_) {
      if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), problem.data(), problem.size()) == RD_KAFKA_CONF_OK)
        continue;
      rd_kafka_conf_destroy(conf);
      return Error{ErrorCode::invalid_argument, fmt::format("--kafka-setting: {}", problem.data())};
    }
    rd_kafka_conf_set_opaque(conf, this);
    rd_kafka_conf_set_log_cb(conf, nullptr);
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
      static_cast<KafkaTopic*>(self)->report(*message);
    });
    // One connection may end while others stay.
    rd_kafka_conf_set_error_cb(conf, [](rd_kafka_t*, int error, const char* reason, void* self) {
      if (error != RD_KAFKA_RESP_ERR__TRANSPORT) static_cast<KafkaTopic*>(self)->tell(reason);
    });
    producer_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, problem.data(), problem.size());
    if (producer_ == nullptr) {
      rd_kafka_conf_destroy(conf);
      return Error{ErrorCode::invalid_argument, fmt::format("the Kafka producer cannot start: {}", problem.data())};
    }
    return Ok{};
  }

  [[nodiscard]] std::vector<bool> send(std::span<const Message> messages,
                                       const std::function<bool()>& gives_up) override {
    std::vector<Mark> marks(messages.size());
    if ((producer_ != nullptr || open()) && has_topic(gives_up)) {
      // Not before: librdkafka asks for what has a handle, and a broker may create what it is asked for.
      if (handle_ == nullptr) handle_ = rd_kafka_topic_new(producer_, topic_.c_str(), nullptr);
      waiting_ = 0;
      bool has_given_up = false;
      // A later event must not overtake one that could not be handed over.
      for (std::size_t place = 0; place < messages.size(); ++place) {
        if (!produce(messages[place], marks[place], gives_up, has_given_up)) break;
      }
      while (waiting_ > 0 && !has_given_up) {
        rd_kafka_poll(producer_, poll_ms);
        has_given_up = waiting_ > 0 && gives_up();
      }
      // Every report has come before the marks go.
      if (waiting_ > 0) rd_kafka_purge(producer_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
      while (waiting_ > 0) rd_kafka_poll(producer_, poll_ms);
      // After a fatal error the producer sends nothing any more: the next call makes a new one.
      if (rd_kafka_fatal_error(producer_, nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) close();
    }
    std::vector<bool> acknowledged;
    acknowledged.reserve(marks.size());
    for (const Mark& mark : marks) acknowledged.push_back(mark.state == Mark::acknowledged);
    return acknowledged;
  }

 private:
  bool produce(const Message& message, Mark& mark, const std::function<bool()>& gives_up, bool& has_given_up) {
    while (true) {
      // librdkafka copies the value.
      const int refused =
          rd_kafka_produce(handle_, any_partition, RD_KAFKA_MSG_F_COPY, const_cast<char*>(message.value.data()),
                           message.value.size(), message.key.data(), message.key.size(), &mark);
      if (refused == 0) {
        ++waiting_;
        return true;
      }
      const auto error = rd_kafka_last_error();
      if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        mark.state = Mark::failed;
        tell(rd_kafka_err2str(error));
        return false;
      }
      rd_kafka_poll(producer_, poll_ms);
      has_given_up = gives_up();
      if (has_given_up) return false;
    }
  }

  // Creates the topic where it is missing, as the worker of the stream does. Otherwise many brokers create one at the
  // first event, with a single partition, and delete its events after a week. False where it gave up before a broker
  // answered.
  bool has_topic(const std::function<bool()>& gives_up) {
    while (!has_topic_ && !gives_up()) {
      const struct rd_kafka_metadata* cluster = nullptr;
      if (rd_kafka_metadata(producer_, 1, nullptr, &cluster, metadata_ms) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const std::span topics(cluster->topics, static_cast<std::size_t>(cluster->topic_cnt));
        const bool is_there =
            std::ranges::any_of(topics, [&](const rd_kafka_metadata_topic& one) { return one.topic == topic_; });
        rd_kafka_metadata_destroy(cluster);
        if (!is_there) create_topic(gives_up);
        has_topic_ = true;
      }
      rd_kafka_poll(producer_, 0);  // says that brokers are down
    }
    return has_topic_;
  }

  // Where this client may not, the topic is left to the broker.
  void create_topic(const std::function<bool()>& gives_up) {
    std::array<char, 512> problem{};
    rd_kafka_NewTopic_t* topic =
        rd_kafka_NewTopic_new(topic_.c_str(), new_partitions, broker_default, problem.data(), problem.size());
    if (topic == nullptr) return tell(problem.data());
    rd_kafka_NewTopic_set_config(topic, "retention.ms", "-1");
    rd_kafka_queue_t* answers = rd_kafka_queue_new(producer_);
    rd_kafka_CreateTopics(producer_, &topic, 1, nullptr, answers);
    rd_kafka_NewTopic_destroy(topic);
    rd_kafka_event_t* answer = nullptr;
    while (answer == nullptr && !gives_up()) answer = rd_kafka_queue_poll(answers, poll_ms);
    rd_kafka_queue_destroy(answers);
    if (answer == nullptr) return;
    const rd_kafka_CreateTopics_result_t* result = rd_kafka_event_CreateTopics_result(answer);
    std::size_t count = 0;
    const auto* const topics = result == nullptr ? nullptr : rd_kafka_CreateTopics_result_topics(result, &count);
    const rd_kafka_resp_err_t error =
        count == 0 ? rd_kafka_event_error(answer) : rd_kafka_topic_result_error(topics[0]);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
      log_.info("created the topic", {{"topic", topic_}, {"partitions", new_partitions}});
    else if (error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)  // another server was faster
      log_.warning("the topic could not be created", {{"topic", topic_}, {"reason", rd_kafka_err2str(error)}});
    rd_kafka_event_destroy(answer);
  }

  void report(const rd_kafka_message_t& message) {
    Mark& mark = *static_cast<Mark*>(message._private);
    --waiting_;
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      mark.state = Mark::acknowledged;
      if (is_down_) log_.info("events reach the topic again", {{"topic", topic_}});
      is_down_ = false;
      return;
    }
    mark.state = Mark::failed;
    const bool is_ours =
        message.err == RD_KAFKA_RESP_ERR__PURGE_QUEUE || message.err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
    if (!is_ours) tell(rd_kafka_err2str(message.err));
  }

  // One line for a time without a broker.
  void tell(const char* reason) {
    if (!is_down_)
      log_.error("events do not reach the topic; they wait in the outbox", {{"topic", topic_}, {"reason", reason}});
    is_down_ = true;
  }

  void close() {
    if (producer_ == nullptr) return;
    rd_kafka_purge(producer_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
    if (handle_ != nullptr) rd_kafka_topic_destroy(handle_);
    handle_ = nullptr;
    rd_kafka_destroy(producer_);
    producer_ = nullptr;
  }

  const std::vector<Setting> settings_;
  const std::string topic_;
  app::Logger& log_;
  rd_kafka_t* producer_ = nullptr;
  rd_kafka_topic_t* handle_ = nullptr;  // of the topic
  std::size_t waiting_ = 0;  // messages without a report; reports come in rd_kafka_poll alone
  bool has_topic_ = false;
  bool is_down_ = false;
};

}  // namespace

bool has_kafka() noexcept { return true; }

Result<std::unique_ptr<Topic>> open_kafka_topic(const KafkaOptions& options, app::Logger& log) {
  auto settings = settings_of(options);
  if (!settings) return std::move(settings).error();
  auto topic = std::make_unique<KafkaTopic>(std::move(*settings), options.topic, log);
  if (auto opened = topic->open(); !opened) return std::move(opened).error();
  return std::unique_ptr<Topic>(std::move(topic));
}

}  // namespace sotto::serve
