// What the leader asks the helper, and what it makes of the answers.
#pragma once

#include <sotto/aggregate/leader.hpp>
#include <sotto/http/client.hpp>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::aggregate {

struct HelperAnswer {
  std::optional<sync::Bytes> message;  // nothing where the same request should be sent again later
  std::string refusal;  // why the helper will never accept the request; else empty
  std::string problem;  // why there is no answer now, for the log; else empty
};

// For one thread at a time.
class HelperClient {
 public:
  // A request is broken off when `stops` becomes true; it must outlive the client.
  explicit HelperClient(const std::atomic<bool>& stops) : stops_(stops) {}

  [[nodiscard]] HelperAnswer ask(const LeaderTask& task, const std::string& path, std::string_view request_name,
                                 std::string_view answer_name, sync::ByteSpan body);

 private:
  const std::atomic<bool>& stops_;
  http::Client client_;
};

}  // namespace sotto::aggregate
