#include <sotto/serve/topic.hpp>

namespace sotto::serve {

bool has_kafka() noexcept { return false; }

Result<std::unique_ptr<Topic>> open_kafka_topic(const KafkaOptions& /*options*/, app::Logger& /*log*/) {
  return Error{ErrorCode::unsupported,
               "--kafka-brokers: this build has no Kafka producer; install librdkafka-dev and build it again"};
}

}  // namespace sotto::serve
