// Where events go for other programs: a topic of a broker.
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/base/result.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sotto::serve {

class Topic {
 public:
  struct Message {
    std::string key;
    std::string value;
  };

  virtual ~Topic() = default;
  // Sends the messages, those of one key in their order, and waits for the broker as long as it takes, or until
  // `gives_up`, which is asked several times a second. Tells for each message whether the broker has it for good; of
  // another one it may have a copy.
  [[nodiscard]] virtual std::vector<bool> send(std::span<const Message> messages,
                                               const std::function<bool()>& gives_up) = 0;
};

struct KafkaOptions {
  std::string brokers;  // HOST:PORT, separated by commas; empty: events stay here
  std::string topic = "events";
  std::vector<std::string> settings;  // of librdkafka, NAME=VALUE
};

// Whether this build has librdkafka.
[[nodiscard]] bool has_kafka() noexcept;

// Connects in the background: a broker that is down is no error. Fails with invalid_argument for a setting that is
// wrong or not the operator's choice, and with unsupported where the build has no librdkafka. The logger must outlive
// the topic.
[[nodiscard]] Result<std::unique_ptr<Topic>> open_kafka_topic(const KafkaOptions& options, app::Logger& log);

}  // namespace sotto::serve
