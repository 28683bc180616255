#include <sotto/http/client.hpp>

#include "running_server.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <span>
#include <string>
#include <thread>
#include <utility>

namespace sotto::http {
namespace {

std::string text_of(const ClientAnswer& answer) {
  return {reinterpret_cast<const char*>(answer.body.data()), answer.body.size()};
}

// "/to/N" leads to "/to/N-1", and "/to/0" answers.
void lead_on(Request request, Reply reply) {
  Response response;
  const int left = std::stoi(request.path.substr(4));
  if (left > 0) {
    response.status = 307;
    response.headers.push_back({"Location", "/to/" + std::to_string(left - 1)});
  } else {
    response.body = request.method;
  }
  reply(std::move(response));
}

std::string at(const test::RunningServer& server, const std::string& path) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + path;
}

}  // namespace

TEST_CASE("a client's GET has the target, and its answer the status, the type and the bytes") {
  const test::RunningServer server(test::any_port());
  Client client;
  const auto answer = client.get(at(server, "/a%20b?c=1"), nullptr, nullptr);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->content_type == "text/plain");
  CHECK(text_of(*answer) == "GET /a%20b?c=1 ");
}

TEST_CASE("a client's POST comes after its GET, with the body") {
  const test::RunningServer server(test::any_port());
  Client client;
  REQUIRE(client.get(at(server, "/first"), nullptr, nullptr));
  const std::string body = "two words";
  const auto answer =
      client.post({at(server, "/second"), "text/plain", "", std::as_bytes(std::span(body))}, nullptr, nullptr);
  REQUIRE(answer);
  CHECK(text_of(*answer) == "POST /second? two words");
}

TEST_CASE("a client follows as many redirects as it may, and a POST follows none") {
  const test::RunningServer server(test::any_port(), lead_on);
  Client plain;
  const auto unfollowed = plain.get(at(server, "/to/1"), nullptr, nullptr);
  REQUIRE(unfollowed);
  CHECK(unfollowed->status == 307);

  Client client({.redirects = 2});
  const auto followed = client.get(at(server, "/to/2"), nullptr, nullptr);
  REQUIRE(followed);
  CHECK(text_of(*followed) == "GET");
  const auto too_far = client.get(at(server, "/to/3"), nullptr, nullptr);
  REQUIRE_FALSE(too_far);
  CHECK(too_far.error().code == ErrorCode::io);
  const auto posted = client.post({at(server, "/to/1"), "text/plain", "", {}}, nullptr, nullptr);
  REQUIRE(posted);
  CHECK(posted->status == 307);
}

TEST_CASE("a client reads no files, neither asked nor led there") {
  const test::RunningServer server(test::any_port(), [](Request, Reply reply) {
    Response response;
    response.status = 302;
    response.headers.push_back({"Location", "file:///etc/hostname"});
    reply(std::move(response));
  });
  Client client({.redirects = 2});
  CHECK_FALSE(client.get("file:///etc/hostname", nullptr, nullptr));
  CHECK_FALSE(client.get(at(server, "/"), nullptr, nullptr));
}

TEST_CASE("a client takes no longer answer than it said, and stops when it is told") {
  const test::RunningServer server(test::any_port(), [](Request request, Reply reply) {
    if (request.path == "/never") std::this_thread::sleep_for(std::chrono::seconds(3));
    Response response;
    response.body = std::string(100, 'x');
    reply(std::move(response));
  });
  Client small({.answer_bytes = 99});
  const auto too_long = small.get(at(server, "/"), nullptr, nullptr);
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().code == ErrorCode::io);

  Client client({.answer_bytes = 100});
  CHECK(client.get(at(server, "/"), nullptr, nullptr));
  const auto stopped = client.get(at(server, "/never"), [](void*) { return true; }, nullptr);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == ErrorCode::interrupted);
}

}  // namespace sotto::http
