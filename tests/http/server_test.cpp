#include "raw_client.hpp"
#include "running_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace sotto;
using test::RawAnswer;
using test::RawClient;
using test::RunningServer;

namespace {

const std::string get = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(const std::string& body, const std::string& headers = "") {
  return "POST /p HTTP/1.1\r\nHost: x\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

}  // namespace

TEST_CASE("answers requests on a connection that is kept") {
  RunningServer server(test::any_port());
  RawClient client(server.port());
  std::set<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const RawAnswer answer = client.ask(get);
    CHECK(answer.status == 200);
    CHECK(answer.body == "GET /a?b ");
    CHECK(answer.header("Date").has_value());
    CHECK(answer.header("Content-Length") == "9");
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    CHECK_FALSE(answer.header("Connection").has_value());
    ids.insert(answer.header("X-Request-Id").value());
  }
  CHECK(ids.size() == 3);
  CHECK(ids.begin()->size() == 32);
  CHECK(server->figures().accepted == 1);
  CHECK(server->figures().requests == 3);
}

TEST_CASE("answers pipelined requests in their order") {
  RunningServer server(test::any_port(), [](http::Request request, http::Reply reply) {
    // The first is answered last, if the server let requests of one connection overtake each other.
    std::thread([request = std::move(request), reply = std::move(reply)]() mutable {
      if (request.body == "0") std::this_thread::sleep_for(std::chrono::milliseconds(50));
      test::echo(std::move(request), std::move(reply));
    }).detach();
  });
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += post(std::to_string(i));
  all += "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  client.send(all + get);
  for (int i = 0; i < 50; ++i) CHECK(client.read_answer().body == "POST /p? " + std::to_string(i));
  CHECK(client.read_answer().body == "POST /p? abc");
  CHECK(client.read_answer().body == "GET /a?b ");
}

TEST_CASE("closes when asked to") {
  RunningServer server(test::any_port());
  const std::string request =
      GENERATE("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n");
  RawClient client(server.port());
  const RawAnswer answer = client.ask(request);
  CHECK(answer.status == 200);
  CHECK(answer.header("Connection") == "close");
  CHECK(client.is_closed_by_server());
}

TEST_CASE("answers a client that has ended its side") {
  RunningServer server(test::any_port());
  RawClient client(server.port());
  client.send(get);
  client.end_sending();
  CHECK(client.read_answer().status == 200);
  CHECK(client.is_closed_by_server());
}

TEST_CASE("answers HEAD without a body") {
  RunningServer server(test::any_port());
  RawClient client(server.port());
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + get);
  const RawAnswer answer = client.read_answer(false);
  CHECK(answer.status == 200);
  CHECK(answer.header("Content-Length") == "9");
  CHECK(client.read_answer().body == "GET /a?b ");
}

TEST_CASE("sends no body with 204 and 304") {
  RunningServer server(test::any_port(), [](http::Request request, http::Reply reply) {
    http::Response response;
    response.status = request.path == "/204" ? 204 : 304;
    response.body = "not sent";
    reply(std::move(response));
  });
  RawClient client(server.port());
  for (const int status : {204, 304, 204}) {
    client.send("GET /" + std::to_string(status) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.read_answer(false).status == status);
  }
}

TEST_CASE("answers asterisk and absolute targets") {
  RunningServer server(test::any_port());
  RawClient client(server.port());
  CHECK(client.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").body == "OPTIONS *? ");
  CHECK(client.ask("GET http://x/a?b HTTP/1.1\r\nHost: x\r\n\r\n").body == "GET /a?b ");
}

TEST_CASE("refuses a malformed request with an answer and closes") {
  RunningServer server(test::any_port());
  const std::string bytes = GENERATE(
      "GET /\r\n", "\x16\x03\x01\x02\x01\x01\xfc\x03\x03", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
  RawClient client(server.port());
  client.send(bytes);
  const RawAnswer answer = client.read_answer();
  CHECK((answer.status == 400 || answer.status == 505));
  CHECK(answer.header("Connection") == "close");
  CHECK(answer.body.find("\"request_id\":\"" + answer.header("X-Request-Id").value() + "\"") != std::string::npos);
  CHECK(client.is_closed_by_server());
  CHECK(server->figures().malformed == 1);
  CHECK(server->figures().requests == 0);
}

TEST_CASE("takes a body in pieces and in chunks") {
  RunningServer server(test::any_port());
  RawClient client(server.port());
  const std::string body(100'000, 'b');
  const std::string request = post(body);
  for (std::size_t at = 0; at < request.size(); at += 7777) client.send(request.substr(at, 7777));
  CHECK(client.read_answer().body == "POST /p? " + body);
  CHECK(
      client.ask("POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n" + body + "\r\n0\r\n\r\n")
          .body == "POST /p? " + body);
}

TEST_CASE("says 100 Continue only for a body that it takes") {
  RunningServer server(test::any_port(), test::echo,
                       [](const http::Request&) { return test::FunctionHandler::limited(10); });
  RawClient client(server.port());
  client.send("POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  CHECK(client.read_answer(false).status == 100);
  CHECK(client.ask("hello").body == "POST /p? hello");
  // The client did not wait.
  CHECK(client.ask(post("hello", "Expect: 100-continue\r\n")).status == 200);
  CHECK(client.ask("POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n").status == 413);
  CHECK(client.is_closed_by_server());
}

TEST_CASE("refuses a body that is too long before reading it") {
  RunningServer server(test::any_port(), test::echo, [](const http::Request& head) {
    return test::FunctionHandler::limited(head.path == "/large" ? 100 : 0);
  });
  RawClient refused(server.port());
  CHECK(refused.ask("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n").status == 413);
  // A client that sends all of it at once gets its answer too.
  RawClient sends_all(server.port());
  sends_all.send(post(std::string(500'000, 'x')));
  CHECK(sends_all.read_answer().status == 413);
  RawClient chunks(server.port());
  chunks.send("POST /large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 3; ++i) chunks.send("32\r\n" + std::string(50, 'x') + "\r\n");
  CHECK(chunks.read_answer().status == 413);
  RawClient waits(server.port());
  waits.send("POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(waits.read_answer().status == 413);
  RawClient fits(server.port());
  CHECK(fits.ask("POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x')).status ==
        200);
  CHECK(fits.ask(get).status == 200);
}

TEST_CASE("refuses targets and headers without end") {
  RunningServer server(test::any_port());
  RawClient target(server.port());
  target.send("GET /" + std::string(100'000, 'x'));
  CHECK(target.read_answer().status == 414);
  RawClient headers(server.port());
  headers.send("GET / HTTP/1.1\r\nHost: x\r\n");
  for (int i = 0; i < 100; ++i) headers.send("Name: " + std::string(1000, 'x') + "\r\n");
  CHECK(headers.read_answer().status == 431);
}

TEST_CASE("takes an answer from another thread") {
  RunningServer server(test::any_port(), [](http::Request request, http::Reply reply) {
    std::thread([request = std::move(request), reply = std::move(reply)]() mutable {
      test::echo(std::move(request), std::move(reply));
    }).detach();
  });
  RawClient client(server.port());
  for (int i = 0; i < 100; ++i) CHECK(client.ask(get).status == 200);
}

TEST_CASE("answers 500 for a request that is dropped") {
  const bool at_once = GENERATE(true, false);
  RunningServer server(test::any_port(), [at_once](http::Request, http::Reply reply) {
    if (!at_once) std::thread([dropped = std::move(reply)] {}).detach();
  });
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const RawAnswer answer = client.ask(get);
    CHECK(answer.status == 500);
    CHECK(answer.body.find("internal_error") != std::string::npos);
  }
}

TEST_CASE("counts only the first call of a reply") {
  RunningServer server(test::any_port(), [](http::Request, http::Reply reply) {
    reply({200, {}, "first", {}});
    reply({200, {}, "second", {}});
  });
  RawClient client(server.port());
  CHECK(client.ask(get).body == "first");
  CHECK(client.ask(get).body == "first");
}

TEST_CASE("answers 500 for a status that is none") {
  RunningServer server(test::any_port(), [](http::Request, http::Reply reply) { reply({100, {}, "x", {}}); });
  RawClient client(server.port());
  CHECK(client.ask(get).status == 500);
}

TEST_CASE("sends shared bytes without changing their owner") {
  auto bytes = std::make_shared<std::string>(3'000'000, 'm');
  for (std::size_t i = 0; i < bytes->size(); i += 1000) (*bytes)[i] = static_cast<char>('a' + i / 1000 % 26);
  {
    RunningServer server(test::any_port(), [&](http::Request, http::Reply reply) {
      http::Response response;
      response.shared = {bytes, std::as_bytes(std::span(bytes->data(), bytes->size()))};
      reply(std::move(response));
    });
    RawClient client(server.port());
    for (int i = 0; i < 2; ++i) {
      const RawAnswer answer = client.ask(get);
      CHECK(answer.status == 200);
      CHECK((answer.body == *bytes));
    }
  }
  CHECK(bytes.use_count() == 1);
}

TEST_CASE("believes a trusted proxy's address and request id only") {
  std::mutex mutex;
  std::vector<std::string> clients;
  const auto note = [&](http::Request request, http::Reply reply) {
    const std::lock_guard lock(mutex);
    clients.push_back(request.client);
    reply({});
  };
  const std::string headers = "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\nX-Request-Id: ";
  http::ServerOptions options = test::any_port();
  {
    RunningServer server(options, note);
    RawClient client(server.port());
    CHECK(client.ask(post("", headers + "mine\r\n")).header("X-Request-Id") != "mine");
  }
  options.trusted_proxies = {"127.0.0.0/8"};
  RunningServer server(options, note);
  RawClient client(server.port());
  CHECK(client.ask(post("", headers + "mine\r\n")).header("X-Request-Id") == "mine");
  CHECK(client.ask(post("", headers + std::string(64, 'i') + "\r\n")).header("X-Request-Id") == std::string(64, 'i'));
  CHECK(client.ask(post("", headers + std::string(65, 'i') + "\r\n")).header("X-Request-Id")->size() == 32);
  CHECK(client.ask(post("", headers + "two words\r\n")).header("X-Request-Id")->size() == 32);
  CHECK(clients == std::vector<std::string>{"127.0.0.1", "1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.4"});
}

TEST_CASE("refuses an address that is taken, naming it") {
  RunningServer server(test::any_port());
  http::ServerOptions options = test::any_port();
  options.port = server.port();
  test::FunctionHandler handler;
  const auto second = http::Server::listen(options, handler);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().code == ErrorCode::io);
  CHECK(second.error().detail.find("127.0.0.1 port " + std::to_string(server.port())) != std::string::npos);
  options.address = "no address";
  CHECK_FALSE(http::Server::listen(options, handler).ok());
  options.address = "127.0.0.1";
  options.trusted_proxies = {"proxy.example"};
  const auto third = http::Server::listen(options, handler);
  REQUIRE_FALSE(third.ok());
  CHECK(third.error().code == ErrorCode::invalid_argument);
}

TEST_CASE("serves with several threads") {
  http::ServerOptions options = test::any_port();
  options.threads = 4;
  RunningServer server(options);
  std::vector<std::future<int>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::async(std::launch::async, [&server] {
      RawClient client(server.port());
      int answered = 0;
      for (int k = 0; k < 100; ++k) answered += client.ask(get).status == 200 ? 1 : 0;
      return answered;
    }));
  }
  for (auto& client : clients) CHECK(client.get() == 100);
}
