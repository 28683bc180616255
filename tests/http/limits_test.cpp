#include "raw_client.hpp"
#include "running_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <sys/resource.h>

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace sotto;
using namespace std::chrono_literals;
using test::RawAnswer;
using test::RawClient;
using test::RunningServer;

namespace {

const std::string get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

// Sends a byte now and then until the server answers or closes.
RawAnswer drip(RawClient& client, std::string_view bytes) {
  for (const char byte : bytes) {
    if (!client.send({&byte, 1})) break;
    pollfd wait{client.socket(), POLLIN, 0};
    if (::poll(&wait, 1, 20) == 1) break;
  }
  return client.read_answer();
}

}  // namespace

TEST_CASE("cuts off a client that sends its headers slowly") {
  http::ServerOptions options = test::any_port();
  options.header_time = 200ms;
  RunningServer server(options);
  RawClient slow(server.port());
  const RawAnswer answer = drip(slow, "GET / HTTP/1.1\r\nHost: x\r\nName: " + std::string(2000, 'x'));
  CHECK(answer.status == 408);
  CHECK(slow.is_closed_by_server());
  CHECK(server->figures().timed_out == 1);
  // The time begins with the request: a kept connection has it anew.
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    CHECK(client.ask(get).status == 200);
    std::this_thread::sleep_for(150ms);
  }
}

TEST_CASE("cuts off a client that sends its body slowly") {
  http::ServerOptions options = test::any_port();
  options.body_time = 200ms;
  RunningServer server(options);
  RawClient slow(server.port());
  slow.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n");
  CHECK(drip(slow, std::string(2000, 'x')).status == 408);
  RawClient slow_chunks(server.port());
  slow_chunks.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string chunks;
  for (int i = 0; i < 500; ++i) chunks += "1\r\nx\r\n";
  CHECK(drip(slow_chunks, chunks).status == 408);
}

TEST_CASE("closes idle connections without an answer") {
  http::ServerOptions options = test::any_port();
  options.idle_time = 100ms;
  RunningServer server(options);
  RawClient never_asked(server.port());
  RawClient asked(server.port());
  CHECK(asked.ask(get).status == 200);
  CHECK(asked.is_closed_by_server());
  CHECK(never_asked.read_answer().status == 0);
  CHECK(never_asked.is_closed_by_server());
  CHECK(test::comes_true([&] { return server->figures().open == 0; }));
}

TEST_CASE("cuts off a client that never reads") {
  http::ServerOptions options = test::any_port();
  options.send_time = 200ms;
  const auto large = std::make_shared<std::string>(50'000'000, 'x');
  RunningServer server(options, [&](http::Request request, http::Reply reply) {
    http::Response response;
    if (request.path == "/large") response.shared = {large, std::as_bytes(std::span(large->data(), large->size()))};
    reply(std::move(response));
  });
  RawClient deaf(server.port());
  deaf.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  RawClient client(server.port());
  CHECK(client.ask(get).status == 200);
  CHECK(test::comes_true([&] { return server->figures().open == 1; }));
  CHECK(server->figures().timed_out == 1);
}

TEST_CASE("gives a handler that takes too long up, and ignores its late answer") {
  http::ServerOptions options = test::any_port();
  options.answer_time = 100ms;
  std::mutex mutex;
  std::vector<http::Reply> kept;
  RunningServer server(options, [&](http::Request request, http::Reply reply) {
    if (request.path == "/a") return reply({});
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(reply));
  });
  RawClient client(server.port());
  const RawAnswer answer = client.ask("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(answer.status == 503);
  CHECK(answer.body.find("answer_timeout") != std::string::npos);
  {
    const std::lock_guard lock(mutex);
    REQUIRE(kept.size() == 1);
    kept[0]({200, {}, "late", {}});
  }
  CHECK(client.is_closed_by_server());
  RawClient next(server.port());
  CHECK(next.ask(get).body.empty());
}

TEST_CASE("ignores an answer after the server is gone") {
  std::vector<http::Reply> kept;
  {
    http::ServerOptions options = test::any_port();
    options.stop_time = 100ms;
    RunningServer server(options, [&](http::Request, http::Reply reply) { kept.push_back(std::move(reply)); });
    RawClient client(server.port());
    client.send(get);
    REQUIRE(test::comes_true([&] { return server->figures().requests == 1; }));
    server.stop();
  }
  REQUIRE(kept.size() == 1);
  kept[0]({});
}

TEST_CASE("refuses connections beyond the limit with 503") {
  http::ServerOptions options = test::any_port();
  options.max_connections = 2;
  RunningServer server(options);
  auto first = std::make_unique<RawClient>(server.port());
  RawClient second(server.port());
  CHECK(first->ask(get).status == 200);
  CHECK(second.ask(get).status == 200);
  RawClient third(server.port());
  const RawAnswer answer = third.read_answer();
  CHECK(answer.status == 503);
  CHECK(answer.header("Connection") == "close");
  CHECK(answer.header("Retry-After").has_value());
  third.end_sending();
  CHECK(third.is_closed_by_server());
  CHECK(server->figures().refused_connections == 1);
  first.reset();
  REQUIRE(test::comes_true([&] { return server->figures().open == 1; }));
  RawClient fourth(server.port());
  CHECK(fourth.ask(get).status == 200);
}

TEST_CASE("refuses connections of one client beyond its own limit") {
  http::ServerOptions options = test::any_port();
  options.max_connections_per_client = 1;
  options.trusted_proxies = {"10.0.0.1"};
  {
    RunningServer server(options);
    RawClient first(server.port());
    CHECK(first.ask(get).status == 200);
    CHECK(RawClient(server.port()).read_answer().status == 503);
  }
  options.trusted_proxies = {"127.0.0.1"};
  RunningServer server(options);
  RawClient first(server.port());
  RawClient second(server.port());
  CHECK(first.ask(get).status == 200);
  CHECK(second.ask(get).status == 200);
}

TEST_CASE("answers 429 beyond the rate of a client") {
  http::ServerOptions options = test::any_port();
  options.rate = 0.001;
  options.rate_burst = 2;
  options.trusted_proxies = {"127.0.0.1"};
  RunningServer server(options);
  RawClient client(server.port());
  const std::string first = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.1.1.1\r\n\r\n";
  const std::string other = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.1.1.2\r\n\r\n";
  CHECK(client.ask(first).status == 200);
  CHECK(client.ask(first).status == 200);
  const RawAnswer answer = client.ask(first);
  CHECK(answer.status == 429);
  CHECK(std::stoi(answer.header("Retry-After").value()) > 100);
  CHECK(client.ask(other).status == 200);  // on the same connection
  CHECK(client.ask("POST / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.1.1.1\r\nContent-Length: 3\r\n\r\nabc").status ==
        429);
  CHECK(client.is_closed_by_server());
  CHECK(server->figures().refused_by_rate == 2);
}

TEST_CASE("serves beside thousands of idle and half-sent connections") {
  http::ServerOptions options = test::any_port();
  options.threads = 2;
  RunningServer server(options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 1'500; ++i) {
    clients.emplace_back(server.port());
    REQUIRE(clients.back().is_connected());
    if (i % 3 == 0) clients.back().send("GET / HT");
    if (i % 3 == 1) clients.back().send(get);
  }
  RawClient next(server.port());
  CHECK(next.ask(get).status == 200);
  int answered = 0;
  for (std::size_t i = 1; i < clients.size(); i += 3) answered += clients[i].read_answer().status == 200 ? 1 : 0;
  CHECK(answered == 500);
  clients.clear();
  CHECK(test::comes_true([&] { return server->figures().open == 1; }));
}

TEST_CASE("goes on when there were no file descriptors for a while") {
  RunningServer server(test::any_port());
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  {
    RawClient kept(server.port());
    CHECK(kept.ask(get).status == 200);
    // The next client's socket takes the last descriptor, so that accept() has none.
    RawClient waiting_probe(server.port());
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(waiting_probe.socket()) + 3;
    REQUIRE(setrlimit(RLIMIT_NOFILE, &tight) == 0);
    std::vector<RawClient> waiting;
    for (int i = 0; i < 8; ++i) waiting.emplace_back(server.port());
    CHECK(kept.ask(get).status == 200);
    REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    for (RawClient& client : waiting) {
      if (client.is_connected()) CHECK(client.ask(get).status == 200);
    }
  }
  CHECK(RawClient(server.port()).ask(get).status == 200);
}

TEST_CASE("puts the handler's headers into the answers that it makes itself") {
  http::ServerOptions options = test::any_port();
  options.rate = 0.001;
  options.rate_burst = 4;
  options.answer_time = 100ms;
  options.body_time = 200ms;
  std::vector<http::Reply> kept;
  RunningServer server(
      options, [&](http::Request, http::Reply reply) { kept.push_back(std::move(reply)); },
      [](const http::Request& head) {
        http::Intake intake = test::FunctionHandler::limited(10);
        intake.headers.push_back({"X-For", std::string(head.header("Origin"))});
        return intake;
      });
  const auto ask = [&](const std::string& rest) {
    RawClient client(server.port());
    return client.ask("POST / HTTP/1.1\r\nHost: x\r\nOrigin: a\r\n" + rest);
  };
  const RawAnswer too_long = ask("Content-Length: 11\r\n\r\n");
  const RawAnswer too_slow_body = ask("Content-Length: 9\r\n\r\n");
  const RawAnswer too_slow_answer = ask("\r\n");
  const RawAnswer bad_chunk = ask("Transfer-Encoding: chunked\r\n\r\nzz\r\n");
  const RawAnswer too_many = ask("\r\n");
  const RawAnswer too_many_with_body = ask("Content-Length: 1\r\n\r\na");
  CHECK(too_long.status == 413);
  CHECK(too_slow_body.status == 408);
  CHECK(too_slow_answer.status == 503);
  CHECK(bad_chunk.status == 400);
  CHECK(too_many.status == 429);
  CHECK(too_many_with_body.status == 429);
  for (const RawAnswer* answer :
       {&too_long, &too_slow_body, &too_slow_answer, &bad_chunk, &too_many, &too_many_with_body}) {
    CAPTURE(answer->status);
    CHECK(answer->header("X-For").value_or("") == "a");
  }
}

TEST_CASE("handles a request without its body where the answer does not depend on it") {
  RunningServer server(test::any_port(), test::echo, [](const http::Request& head) {
    http::Intake intake = test::FunctionHandler::limited(10);
    intake.reads_body = head.path != "/refused";
    return intake;
  });
  const std::string head = "POST /refused HTTP/1.1\r\nHost: x\r\n";
  RawClient kept(server.port());
  const RawAnswer read = kept.ask(head + "Content-Length: 3\r\n\r\nabc");
  CHECK(read.body == "POST /refused? abc");
  CHECK(kept.ask(get).status == 200);

  for (const std::string& rest : {std::string("Content-Length: 1000000\r\n\r\nabc"),
                                  std::string("Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"),
                                  std::string("Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n8\r\n12345678\r\n")}) {
    CAPTURE(rest);
    RawClient client(server.port());
    const RawAnswer answer = client.ask(head + rest);
    CHECK(answer.status == 200);
    CHECK(answer.body == "POST /refused? ");
    CHECK(client.is_closed_by_server());
  }
  RawClient other(server.port());
  CHECK(other.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n").status == 413);
  CHECK(server->figures().malformed == 0);
}
