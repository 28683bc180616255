#include <sotto/serve/stream_routes.hpp>

#include "../http/running_server.hpp"
#include "captured_answer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sotto::serve {
namespace {

constexpr const char* list_of_ada = R"({"user":"ada","events":3,"model":"0011223344556677","at":1,"items":["a"]})";

// A worker of the stream that says what it is told to, and remembers what it was asked.
class Worker {
 public:
  explicit Worker(unsigned status, std::string body = list_of_ada, std::string location = {})
      : server_(test::any_port(), [this, status, body = std::move(body), location = std::move(location)](
                                      http::Request request, http::Reply reply) {
          {
            const std::scoped_lock lock(mutex_);
            asked_.push_back(request.path + "?" + request.query);
          }
          http::Response response;
          response.status = status;
          response.body = body;
          if (!location.empty()) response.headers.push_back({"Location", location + request.path});
          reply(std::move(response));
        }) {}

  std::string address() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  std::vector<std::string> asked() const {
    const std::scoped_lock lock(mutex_);
    return asked_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> asked_;
  test::RunningServer server_;
};

// The server's side: its route, and what it logs.
class Rig {
 public:
  explicit Rig(std::vector<std::string> workers)
      : lists(workers.empty() ? nullptr : std::make_unique<StreamLists>(std::move(workers), log_)) {
    add_stream_routes(router_, lists.get());
  }

  http::Response get(const std::string& segment, Parameters query = {}) {
    const Router::Match match = router_.match("GET", "/v1/users/" + segment + "/recommendations");
    REQUIRE(match.route != nullptr);
    Call call;
    call.path = match.path;
    call.query = std::move(query);
    test::CapturedAnswer captured;
    match.route->endpoint(std::move(call), captured.reply());
    return captured.wait();
  }
  std::string logged() const { return text_.str(); }

 private:
  std::ostringstream text_;
  app::Logger log_ = app::Logger::to_stream("test", app::LogFormat::text, text_);
  Router router_;

 public:
  std::unique_ptr<StreamLists> lists;
};

std::string code_of(const http::Response& response) {
  const auto document = nlohmann::json::parse(response.body, nullptr, false);
  REQUIRE(document.is_object());
  return document["error"]["code"];
}

// A port on which nobody listens.
std::string nobody() {
  const Worker gone(200);
  return gone.address();
}

}  // namespace

TEST_CASE("a user's list comes from a worker of the stream, byte for byte") {
  const Worker worker(200);
  Rig rig({worker.address()});
  const auto answer = rig.get("ada%2F1%20%C3%A9", {{"k", "3"}, {"at", "-5"}});
  CHECK(answer.status == 200);
  CHECK(answer.body == list_of_ada);
  CHECK(test::header_of(answer, "Content-Type") == "application/json");
  CHECK(test::header_of(answer, "Cache-Control") == "no-store");
  CHECK(rig.get("ada").status == 200);
  CHECK(worker.asked() == std::vector<std::string>{"/v1/users/ada%2F1%20%C3%A9/recommendations?k=3&at=-5",
                                                   "/v1/users/ada/recommendations?k=10"});
}

TEST_CASE("a worker that has not the user leads to the one that has") {
  const Worker right(200);
  const Worker other(307, "", right.address());
  Rig rig({other.address()});
  CHECK(rig.get("ada").body == list_of_ada);
  CHECK(right.asked().size() == 1);
}

TEST_CASE("where a worker gives no list, the next one is asked, and first from then on") {
  const Worker moving(503, R"({"error":{"code":"not_ready"}})");
  const Worker page(200, "<html>");
  const Worker other_json(200, R"({"users":[]})");
  const Worker good(200);
  Rig rig({nobody(), moving.address(), page.address(), other_json.address(), good.address()});
  for (int n = 0; n < 3; ++n) CHECK(rig.get("ada").body == list_of_ada);
  CHECK(moving.asked().size() == 1);
  CHECK(good.asked().size() == 3);
  CHECK(rig.logged().empty());
}

TEST_CASE("while no worker gives a list, the answer is 503, and the log says it once") {
  const Worker moving(503);
  Rig rig({moving.address(), nobody()});
  for (int n = 0; n < 2; ++n) {
    const auto answer = rig.get("ada");
    CHECK(answer.status == 503);
    CHECK(code_of(answer) == "stream_not_ready");
    CHECK(test::header_of(answer, "Retry-After") == "1");
  }
  CHECK(rig.logged().find("no worker of the stream gives a list") == rig.logged().rfind("no worker"));
}

TEST_CASE("what a worker would refuse is refused here, and no worker is asked") {
  const Worker worker(200);
  Rig rig({worker.address()});
  for (const auto& [name, value] : Parameters{{"k", "0"}, {"at", "1.5"}}) {
    const auto answer = rig.get("ada", {{name, value}});
    CHECK(answer.status == 400);
    CHECK(code_of(answer) == "bad_value");
  }
  for (const char* k : {"1001", "", "x", "1x", "-1", "99999999999999999999"})
    CHECK(rig.get("a", {{"k", k}}).status == 400);
  CHECK(rig.get(std::string(257, 'u')).status == 400);
  CHECK(worker.asked().empty());
}

TEST_CASE("a server without a stream says so") {
  Rig rig({});
  const auto answer = rig.get("ada");
  CHECK(answer.status == 501);
  CHECK(code_of(answer) == "no_stream");
}

TEST_CASE("stopping answers whoever waits, also for a worker that is silent") {
  std::atomic<bool> ends{false};
  test::RunningServer silent(test::any_port(), [&](http::Request, http::Reply reply) {
    while (!ends) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    reply({});
  });
  Rig rig({"http://127.0.0.1:" + std::to_string(silent.port())});
  std::atomic<int> refused{0};
  const auto done = [&](Answered<std::string> list) { refused += !list && list.refusal().status == 503 ? 1 : 0; };
  int waiting = 0;
  while (rig.lists->ask({.user = "ada", .k = 1, .at = {}}, done)) ++waiting;
  CHECK(waiting >= static_cast<int>(StreamLists::capacity));
  rig.lists->stop();
  CHECK(refused == waiting);
  CHECK_FALSE(rig.lists->ask({.user = "ada", .k = 1, .at = {}}, done));
  ends = true;
}

TEST_CASE("a worker's address is an address of HTTP") {
  for (const char* good : {"http://worker:8090", "https://stream.example/lists/", "http://[::1]:8090"}) {
    CHECK(check_worker_address(good));
  }
  for (const char* bad : {"", "worker:8090", "/v1", "ftp://worker", "http://", "http://worker?k=1", "http://worker#a",
                          "http://me@worker"}) {
    CHECK_FALSE(check_worker_address(bad));
  }
}

}  // namespace sotto::serve
