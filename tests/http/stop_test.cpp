#include "raw_client.hpp"
#include "running_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace sotto;
using namespace std::chrono_literals;
using test::RawAnswer;
using test::RawClient;
using test::RunningServer;

namespace {

const std::string get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

// Keeps every request until it is told to answer.
struct Kept {
  std::mutex mutex;
  std::vector<http::Reply> replies;

  void answer_all() {
    const std::lock_guard lock(mutex);
    for (http::Reply& reply : replies) reply({200, {}, "done", {}});
    replies.clear();
  }
};

}  // namespace

TEST_CASE("stops: idle connections end, running requests finish") {
  http::ServerOptions options = test::any_port();
  options.threads = GENERATE(1U, 3U);
  Kept kept;
  RunningServer server(options, [&](http::Request, http::Reply reply) {
    const std::lock_guard lock(kept.mutex);
    kept.replies.push_back(std::move(reply));
  });
  RawClient idle(server.port());
  std::vector<RawClient> running;
  for (int i = 0; i < 5; ++i) {
    running.emplace_back(server.port());
    running.back().send(get);
  }
  REQUIRE(test::comes_true([&] { return server->figures().requests == 5; }));
  server->stop();
  server->stop();
  CHECK(idle.is_closed_by_server());
  CHECK(test::comes_true([&] { return !RawClient(server.port()).is_connected(); }));
  CHECK_FALSE(server.has_ended());
  kept.answer_all();
  for (RawClient& client : running) {
    const RawAnswer answer = client.read_answer();
    CHECK(answer.body == "done");
    CHECK(answer.header("Connection") == "close");
    CHECK(client.is_closed_by_server());
  }
  server.join();
  CHECK(server->figures().open == 0);
}

TEST_CASE("stops in spite of requests that never end") {
  http::ServerOptions options = test::any_port();
  options.stop_time = 200ms;
  Kept kept;
  RunningServer server(options, [&](http::Request, http::Reply reply) {
    const std::lock_guard lock(kept.mutex);
    kept.replies.push_back(std::move(reply));
  });
  RawClient waiting(server.port());
  waiting.send(get);
  RawClient half_sent(server.port());
  half_sent.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123");
  REQUIRE(test::comes_true([&] { return server->figures().requests == 1; }));
  server.stop();
  CHECK(waiting.is_closed_by_server());
  CHECK(half_sent.is_closed_by_server());
}

TEST_CASE("stops before it ran and when nobody is there") {
  RunningServer server(test::any_port());
  server.stop();
  CHECK(server.has_ended());
  test::FunctionHandler handler;
  handler.answer = test::echo;
  auto unused = http::Server::listen(test::any_port(), handler);
  REQUIRE(unused.ok());
  (*unused)->stop();
  (*unused)->run();
}

TEST_CASE("loses no request when it stops under load") {
  http::ServerOptions options = test::any_port();
  options.threads = 2;
  RunningServer server(options, [](http::Request request, http::Reply reply) {
    std::thread([request = std::move(request), reply = std::move(reply)]() mutable {
      test::echo(std::move(request), std::move(reply));
    }).detach();
  });
  std::atomic<std::uint64_t> answered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      while (true) {
        RawClient client(server.port());
        if (!client.is_connected()) return;
        while (client.ask(get).status == 200) ++answered;
      }
    });
  }
  REQUIRE(test::comes_true([&] { return answered > 100; }));
  server.stop();
  for (std::thread& client : clients) client.join();
  CHECK(answered == server->figures().requests);
}
