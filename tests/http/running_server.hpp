// A server on a free port with a handler made of functions, in a thread of its own.
#pragma once

#include <sotto/http/server.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace sotto::test {

class FunctionHandler final : public http::Handler {
 public:
  std::function<void(http::Request, http::Reply)> answer;
  std::function<http::Intake(const http::Request&)> intake_of = [](const http::Request&) {
    return limited(std::size_t{1} << 20);
  };

  void handle(http::Request request, http::Reply reply) override { answer(std::move(request), std::move(reply)); }
  http::Intake intake(const http::Request& head) const override { return intake_of(head); }

  static http::Intake limited(std::size_t bytes) {
    http::Intake intake;
    intake.body_limit = bytes;
    return intake;
  }
};

// Says what it understood, so that tests see how a request was read.
inline void echo(http::Request request, http::Reply reply) {
  http::Response response;
  response.headers.push_back({"Content-Type", "text/plain"});
  response.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
  reply(std::move(response));
}

inline http::ServerOptions any_port() {
  http::ServerOptions options;
  options.port = 0;
  return options;
}

class RunningServer {
 public:
  explicit RunningServer(const http::ServerOptions& options,
                         std::function<void(http::Request, http::Reply)> answer = echo,
                         std::function<http::Intake(const http::Request&)> intake = {}) {
    handler_.answer = std::move(answer);
    if (intake) handler_.intake_of = std::move(intake);
    auto server = http::Server::listen(options, handler_);
    if (!server) throw std::runtime_error(server.error().detail);
    server_ = std::move(server).value();
    thread_ = std::thread([this] {
      server_->run();
      has_ended_ = true;
    });
  }
  ~RunningServer() { stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  http::Server* operator->() { return server_.get(); }
  std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] bool has_ended() const { return has_ended_; }
  // Waits until run() has returned.
  void stop() {
    server_->stop();
    join();
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  FunctionHandler handler_;
  std::unique_ptr<http::Server> server_;
  std::atomic<bool> has_ended_{false};
  std::thread thread_;
};

// Waits until the condition holds, 20 s at most. Returns whether it does.
template <class Condition>
bool comes_true(Condition condition) {
  for (int i = 0; i < 4'000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return condition();
}

}  // namespace sotto::test
