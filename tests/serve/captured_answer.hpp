// Sends a request to an endpoint or a handler, and waits for the answer.
#pragma once

#include <sotto/http/server.hpp>

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::test {

class CapturedAnswer {
 public:
  [[nodiscard]] http::Reply reply() { return http::Reply(std::make_unique<Target>(answer_)); }
  // Fails the test where the answer does not come.
  [[nodiscard]] http::Response wait() {
    auto future = answer_->get_future();
    REQUIRE(future.wait_for(std::chrono::minutes(5)) == std::future_status::ready);
    return future.get();
  }

 private:
  struct Target final : http::Reply::Target {
    explicit Target(std::shared_ptr<std::promise<http::Response>> kept) : answer(std::move(kept)) {}
    void send(http::Response response) override { answer->set_value(std::move(response)); }
    std::shared_ptr<std::promise<http::Response>> answer;
  };
  std::shared_ptr<std::promise<http::Response>> answer_ = std::make_shared<std::promise<http::Response>>();
};

inline http::Request request(std::string method, std::string path, std::string body = {},
                             std::vector<http::Header> headers = {}) {
  http::Request made;
  made.method = std::move(method);
  const std::size_t question = path.find('?');
  if (question != std::string::npos) made.query = path.substr(question + 1);
  made.path = path.substr(0, question);
  made.body = std::move(body);
  made.headers = std::move(headers);
  made.client = "127.0.0.1";
  made.id = "request-1";
  return made;
}

inline http::Response answer_of(http::Handler& handler, http::Request request) {
  CapturedAnswer captured;
  handler.handle(std::move(request), captured.reply());
  return captured.wait();
}

// Empty where the answer does not have the header.
inline std::string header_of(const http::Response& response, std::string_view name) {
  for (const http::Header& header : response.headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

inline std::string body_of(const http::Response& response) {
  if (!response.shared.owner) return response.body;
  return {reinterpret_cast<const char*>(response.shared.bytes.data()), response.shared.bytes.size()};
}

}  // namespace sotto::test
