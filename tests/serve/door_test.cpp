#include <sotto/serve/answer.hpp>
#include <sotto/serve/door.hpp>
#include <sotto/serve/refusal.hpp>

#include "captured_answer.hpp"
#include "key_store.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <sstream>
#include <string>

using namespace sotto;
using namespace sotto::serve;
using test::header_of;

namespace {

const std::string shop = "https://shop.example";

class House {
 public:
  explicit House(DoorOptions options = {}, ApiKeys::WithoutKeys without_keys = ApiKeys::WithoutKeys::open)
      : keys(store, without_keys), door(built(), keys, log, metrics, std::move(options)) {}

  http::Response call(std::string method, std::string path, std::vector<http::Header> headers = {}) {
    return test::answer_of(door, test::request(std::move(method), std::move(path), {}, std::move(headers)));
  }
  static std::string code(const http::Response& response) {
    return nlohmann::json::parse(response.body, nullptr, false)["error"]["code"].get<std::string>();
  }
  nlohmann::json last_line() const {
    std::string text = lines.str();
    text.pop_back();
    return nlohmann::json::parse(text.substr(text.rfind('\n') + 1), nullptr, false);
  }

  test::KeyStore store;
  ApiKeys keys;
  std::ostringstream lines;
  app::Logger log = app::Logger::to_stream("sotto serve", app::LogFormat::json, lines);
  Metrics metrics;
  Router router;
  Door door;

 private:
  const Router& built() {
    const auto echo = [](const Call& call, http::Reply reply) {
      reply(json_answer({{"path", call.path}, {"query", call.query}, {"key", call.key_id}}));
    };
    router.add({"GET", "/v1/models", Scope::open, 0, echo, {"after", "limit"}});
    router.add({"POST", "/v1/recommend", Scope::recommend, 1'000'000, echo, {}});
    router.add({"GET", "/v1/users/{id}/state", Scope::events, 0, echo, {}});
    router.add({"DELETE", "/v1/users/{id}/state", Scope::events, 0, echo, {}});
    router.add({"PUT", "/v1/admin/models/{name}", Scope::admin, 1'000'000'000, echo, {}});
    router.add({"GET", "/v1/forgotten", Scope::open, 0, [](const Call&, http::Reply) {}, {}});
    const auto fail = [](const Call& call, http::Reply reply) {
      const Error error{call.path.at("how") == "damaged" ? ErrorCode::malformed : ErrorCode::io,
                        "/srv/sotto.db: disk I/O error"};
      reply(call.path.at("how") == "model" ? error_answer(error) : refusal_answer(store_refusal(error)));
    };
    router.add({"GET", "/v1/failing/{how}", Scope::open, 0, fail, {}});
    return router;
  }
};

}  // namespace

TEST_CASE("a request reaches its endpoint with its parameters") {
  House house;
  const auto response = house.call("GET", "/v1/models?after=x%20y&limit=3");
  CHECK(response.status == 200);
  CHECK(nlohmann::json::parse(response.body)["query"] == nlohmann::json{{"after", "x y"}, {"limit", "3"}});
  CHECK(nlohmann::json::parse(house.call("GET", "/v1/users/a%2Fb/state").body)["path"]["id"] == "a/b");
  CHECK(house.call("HEAD", "/v1/models").status == 200);
}

TEST_CASE("what is not there is refused, with the request's id") {
  House house;
  const auto nothing = house.call("GET", "/etc/passwd");
  CHECK(nothing.status == 404);
  CHECK(nlohmann::json::parse(nothing.body)["error"]["request_id"] == "request-1");
  const auto method = house.call("PUT", "/v1/users/a/state");
  CHECK(method.status == 405);
  CHECK(header_of(method, "Allow") == "DELETE, GET, HEAD, OPTIONS");
  CHECK(house.code(house.call("GET", "/v1/users/%2e%2e/state")) == "malformed_path");
  CHECK(house.code(house.call("GET", "/v1/users/a%00/state")) == "malformed_path");
  const auto unknown = house.call("GET", "/v1/models?limits=3");
  CHECK(house.code(unknown) == "unknown_parameter");
  CHECK(unknown.body.find("'limits'") != std::string::npos);
  CHECK(house.code(house.call("GET", "/v1/models?limit=3&limit=4")) == "repeated_parameter");
  CHECK(house.code(house.call("GET", "/v1/models?limit=%")) == "malformed_query");
}

TEST_CASE("an endpoint that drops its reply is answered with 500") {
  House house;
  const auto response = house.call("GET", "/v1/forgotten");
  CHECK(response.status == 500);
  CHECK(house.code(response) == "internal_error");
  CHECK(house.last_line()["level"] == "warning");
}

TEST_CASE("why the server fails is in its log, also without lines for requests, and not in the answer") {
  for (const bool log_requests : {true, false}) {
    House house({.origins = {}, .log_requests = log_requests});
    for (const std::string how : {"store", "damaged", "model"}) {
      const auto response = house.call("GET", "/v1/failing/" + how);
      CHECK(response.status == (how == "damaged" ? 500 : 503));
      CHECK(response.body.find("/srv") == std::string::npos);
      CHECK(house.last_line()["level"] == "warning");
      CHECK(house.last_line()["reason"] == "/srv/sotto.db: disk I/O error");
      CHECK(house.last_line()["request_id"] == "request-1");
    }
    const std::string before = house.lines.str();
    CHECK(house.call("GET", "/v1/models").status == 200);
    CHECK((house.lines.str() == before) != log_requests);
  }
}

TEST_CASE("keys and scopes are asked for as HTTP says") {
  House house;
  CHECK(house.call("POST", "/v1/recommend").status == 200);
  CHECK(house.code(house.call("PUT", "/v1/admin/models/a")) == "admin_off");
  const std::string key = house.keys.make("a", "recommend,admin", 1)->key;
  REQUIRE(house.keys.make("b", "events", 1));

  const auto without = house.call("POST", "/v1/recommend");
  CHECK(without.status == 401);
  CHECK(house.code(without) == "key_needed");
  CHECK(header_of(without, "WWW-Authenticate") == R"(Bearer realm="sotto")");
  const auto wrong = house.call("POST", "/v1/recommend", {{"Authorization", "Bearer " + key + "x"}});
  CHECK(wrong.status == 401);
  CHECK(header_of(wrong, "WWW-Authenticate").find("invalid_token") != std::string::npos);
  const auto scope = house.call("GET", "/v1/users/a/state", {{"Authorization", "Bearer " + key}});
  CHECK(scope.status == 403);
  CHECK(house.code(scope) == "missing_scope");
  CHECK(scope.body.find("'events'") != std::string::npos);
  const auto twice =
      house.call("POST", "/v1/recommend", {{"Authorization", "Bearer " + key}, {"Authorization", "Bearer " + key}});
  CHECK(twice.status == 401);
  const auto good = house.call("POST", "/v1/recommend", {{"authorization", "Bearer " + key}});
  CHECK(good.status == 200);
  CHECK(nlohmann::json::parse(good.body)["key"] == key.substr(3, 16));
  CHECK(house.metrics.refused_without_key.value() == 3);
  CHECK(house.metrics.refused_by_scope.value() == 2);
}

TEST_CASE("a body is read as far as the request may go") {
  House house;
  const auto intake = [&](std::string method, std::string path, std::vector<http::Header> headers = {}) {
    return house.door.intake(test::request(std::move(method), std::move(path), {}, std::move(headers)));
  };
  const auto limit = [&](std::string method, std::string path, std::vector<http::Header> headers = {}) {
    return intake(std::move(method), std::move(path), std::move(headers)).body_limit;
  };
  CHECK(limit("POST", "/v1/recommend") == 1'000'000);
  CHECK(limit("GET", "/v1/models") == 0);
  CHECK(limit("POST", "/v1/unknown") == 64 * 1024);
  CHECK(limit("PUT", "/v1/admin/models/a") == 64 * 1024);
  const std::string key = house.keys.make("a", "admin", 1)->key;
  CHECK(limit("PUT", "/v1/admin/models/a") == 64 * 1024);
  CHECK(limit("PUT", "/v1/admin/models/a", {{"Authorization", "Bearer " + key}}) == 1'000'000'000);

  // What is refused by its head alone is refused whatever body follows.
  CHECK(intake("PUT", "/v1/admin/models/a", {{"Authorization", "Bearer " + key}}).reads_body);
  CHECK(intake("POST", "/v1/recommend").reads_body);
  CHECK_FALSE(intake("PUT", "/v1/admin/models/a").reads_body);
  CHECK_FALSE(intake("POST", "/v1/unknown").reads_body);
  CHECK_FALSE(intake("PUT", "/v1/models").reads_body);
  CHECK_FALSE(intake("OPTIONS", "/v1/recommend").reads_body);
  CHECK_FALSE(intake("DELETE", "/v1/users/%2e%2e/state").reads_body);
  CHECK_FALSE(intake("POST", "/v1/recommend", {{"Origin", "https://evil.example"}}).reads_body);
  CHECK(house.metrics.refused_without_key.value() == 0);
  CHECK(house.metrics.refused_by_scope.value() == 0);
}

TEST_CASE("a page can read what the server answers without the door") {
  House house({{shop}, true});
  const auto headers = [&](std::vector<http::Header> given) {
    http::Response response;
    response.headers = house.door.intake(test::request("POST", "/v1/recommend", {}, std::move(given))).headers;
    return response;
  };
  const auto allowed = headers({{"Origin", shop}});
  CHECK(header_of(allowed, "Access-Control-Allow-Origin") == shop);
  CHECK(header_of(allowed, "Access-Control-Expose-Headers").find("Retry-After") != std::string::npos);
  CHECK(header_of(allowed, "Vary") == "Origin");
  const auto foreign = headers({{"Origin", "https://evil.example"}});
  CHECK(header_of(foreign, "Access-Control-Allow-Origin").empty());
  CHECK(header_of(foreign, "Vary") == "Origin");
  CHECK(House().door.intake(test::request("POST", "/v1/recommend")).headers.empty());
}

TEST_CASE("pages of listed origins may call the server") {
  House house({{shop}, true});
  const auto response = house.call("POST", "/v1/recommend", {{"Origin", shop}});
  CHECK(response.status == 200);
  CHECK(header_of(response, "Access-Control-Allow-Origin") == shop);
  CHECK(header_of(response, "Access-Control-Expose-Headers").find("ETag") != std::string::npos);
  CHECK(header_of(response, "Vary") == "Origin");
  CHECK(header_of(house.call("GET", "/nothing", {{"Origin", shop}}), "Access-Control-Allow-Origin") == shop);
  const auto without = house.call("GET", "/v1/models");
  CHECK(header_of(without, "Access-Control-Allow-Origin").empty());
  CHECK(header_of(without, "Vary") == "Origin");
}

TEST_CASE("a browser's question before a call is answered") {
  House house({{shop}, true});
  const auto asked =
      house.call("OPTIONS", "/v1/users/a/state", {{"Origin", shop}, {"Access-Control-Request-Method", "DELETE"}});
  CHECK(asked.status == 204);
  CHECK(header_of(asked, "Access-Control-Allow-Origin") == shop);
  CHECK(header_of(asked, "Access-Control-Allow-Methods") == "DELETE, GET, HEAD, OPTIONS");
  CHECK(header_of(asked, "Access-Control-Allow-Headers").find("Idempotency-Key") != std::string::npos);
  CHECK(header_of(asked, "Access-Control-Max-Age") == "600");
  const auto foreign = house.call("OPTIONS", "/v1/users/a/state",
                                  {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "DELETE"}});
  CHECK(foreign.status == 204);
  CHECK(header_of(foreign, "Access-Control-Allow-Origin").empty());
  CHECK(header_of(foreign, "Access-Control-Allow-Methods").empty());
  const auto plain = house.call("OPTIONS", "/v1/models");
  CHECK(header_of(plain, "Allow") == "GET, HEAD, OPTIONS");
  CHECK(house.call("OPTIONS", "/nothing").status == 404);
}

TEST_CASE("pages of other origins change nothing, also without keys") {
  House house({{shop}, true});
  for (const char* origin : {"https://evil.example", "https://shop.example.evil.example", "https://shop.example:8443",
                             "http://shop.example", "null", "HTTPS://SHOP.EXAMPLE"}) {
    CAPTURE(origin);
    const auto refused = house.call("POST", "/v1/recommend", {{"Origin", origin}, {"Host", "127.0.0.1:8080"}});
    CHECK(refused.status == 403);
    CHECK(house.code(refused) == "origin_not_allowed");
    const auto read = house.call("GET", "/v1/models", {{"Origin", origin}});
    CHECK(read.status == 200);
    CHECK(header_of(read, "Access-Control-Allow-Origin").empty());
  }
  const auto own =
      house.call("POST", "/v1/recommend", {{"Origin", "http://127.0.0.1:8080"}, {"Host", "127.0.0.1:8080"}});
  CHECK(own.status == 200);
  CHECK(header_of(own, "Access-Control-Allow-Origin").empty());
}

TEST_CASE("origins are written as browsers send them") {
  for (const char* good :
       {"https://shop.example", "http://127.0.0.1:3000", "http://localhost:5173", "http://[::1]:80"}) {
    CAPTURE(good);
    CHECK(check_origin(good));
  }
  for (const char* bad : {"", "*", "null", "shop.example", "https://", "https://shop.example/", "https://Shop.example",
                          "https://a b", "ftp://shop.example", "https://*.shop.example", "https://shop.example?x"}) {
    CAPTURE(bad);
    CHECK_FALSE(check_origin(bad));
  }
}

TEST_CASE("a line of the log has the route and no content of the user") {
  House house;
  house.call("GET", "/v1/users/anna%40example.com/state?token=x");
  const auto line = house.last_line();
  CHECK(line["method"] == "GET");
  CHECK(line["route"] == "/v1/users/{id}/state");
  CHECK(line["status"] == 400);
  CHECK(line["request_id"] == "request-1");
  CHECK(line["key_id"] == "");
  CHECK(line["micros"].is_number_integer());
  CHECK(line["bytes"].get<int>() > 0);
  CHECK(house.lines.str().find("anna") == std::string::npos);
  CHECK(house.lines.str().find("token") == std::string::npos);

  house.call("BREW\x01", "/secret/path");
  CHECK(house.last_line()["method"] == "other");
  CHECK(house.lines.str().find("secret") == std::string::npos);

  House quiet({{}, false});
  quiet.call("GET", "/v1/models");
  CHECK(quiet.lines.str().empty());
}

TEST_CASE("answers are counted by route") {
  House house;
  house.call("GET", "/v1/models");
  house.call("GET", "/v1/models?x=1");
  house.call("GET", "/nothing");
  std::uint64_t models = 0;
  std::uint64_t nothing = 0;
  for (const RouteMetrics& route : house.metrics.routes) {
    if (route.pattern == "/v1/models") {
      CHECK(route.answers[1].value() == 1);
      models = route.answers[3].value();
    }
    if (route.pattern.empty()) nothing = route.answers[3].value();
  }
  CHECK(models == 1);
  CHECK(nothing == 1);
}

TEST_CASE("an answer may come after the door is gone") {
  test::KeyStore store;
  const ApiKeys keys(store, ApiKeys::WithoutKeys::open);
  std::ostringstream lines;
  app::Logger log = app::Logger::to_stream("sotto serve", app::LogFormat::json, lines);
  Metrics metrics;
  std::vector<http::Reply> kept;
  test::CapturedAnswer answer;
  {
    Router router;
    router.add({"GET",
                "/slow",
                Scope::open,
                0,
                [&kept](const Call&, http::Reply reply) { kept.push_back(std::move(reply)); },
                {}});
    Door door(router, keys, log, metrics);
    door.handle(test::request("GET", "/slow"), answer.reply());
  }
  kept.front()(json_answer("late"));
  CHECK(answer.wait().body == "\"late\"");
  CHECK(lines.str().find("/slow") != std::string::npos);
}
