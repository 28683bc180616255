// The routes whose answers wait for the store: keys and sealed backups.
#include <sotto/serve/key_routes.hpp>
#include <sotto/serve/sealed_backup_routes.hpp>

#include "captured_answer.hpp"
#include "key_store.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace sotto;
using namespace sotto::serve;

namespace {

const std::string backup_id(43, 'A');
const std::string owner = "o" + std::string(42, '_');
const std::string stranger = "s" + std::string(42, '_');

class StoredRoutes {
 public:
  StoredRoutes() {
    const InBackground at_once = [this](const std::function<void()>& task) {
      if (is_full) return false;
      task();
      return true;
    };
    add_key_routes(router, keys, at_once, [] { return std::int64_t{1'700'000'000}; });
    add_sealed_backup_routes(router, store, at_once, [] { return std::int64_t{1'700'000'000}; });
  }
  http::Response call(std::string method, std::string path, std::string body = {}, std::string owner_token = {}) {
    http::Request request = test::request(std::move(method), std::move(path), std::move(body));
    if (!owner_token.empty()) request.headers.push_back({"X-Backup-Owner", std::move(owner_token)});
    auto match = router.match(request.method, request.path);
    REQUIRE(match.route != nullptr);
    CHECK(request.body.size() <= match.route->body_limit);
    test::CapturedAnswer answer;
    match.route->endpoint({std::move(request), std::move(match.path), {}, {}}, answer.reply());
    return answer.wait();
  }
  static nlohmann::json json(const http::Response& response) {
    return nlohmann::json::parse(response.body, nullptr, false);
  }
  static std::string code(const http::Response& response) { return json(response)["error"]["code"].get<std::string>(); }

  bool is_full = false;  // too many tasks wait
  test::KeyStore store;
  ApiKeys keys{store, ApiKeys::WithoutKeys::open};
  Router router;
};

}  // namespace

TEST_CASE("keys are made, listed without their secret, and removed") {
  StoredRoutes server;
  const auto made = server.call("POST", "/v1/admin/keys", R"({"name":"shop","scopes":["recommend","events"]})");
  CHECK(made.status == 201);
  CHECK(test::header_of(made, "Cache-Control") == "no-store");
  const auto key = server.json(made);
  const std::string text = key["key"];
  CHECK(server.keys.decide(Scope::events, "Bearer " + text).kind == KeyDecision::Kind::allowed);

  const auto list = server.call("GET", "/v1/admin/keys");
  CHECK(server.json(list)["keys"] ==
        nlohmann::json::array(
            {{{"id", key["id"]}, {"name", "shop"}, {"scopes", {"recommend", "events"}}, {"created", 1'700'000'000}}}));
  CHECK(list.body.find(text.substr(text.size() - 20)) == std::string::npos);

  const std::string path = "/v1/admin/keys/" + key["id"].get<std::string>();
  CHECK(server.code(server.call("DELETE", path)) == "last_key");
  server.call("POST", "/v1/admin/keys", R"({"name":"other","scopes":["events","recommend"]})");
  CHECK(server.call("DELETE", path).status == 204);
  CHECK(server.code(server.call("DELETE", path)) == "unknown_key_id");
}

TEST_CASE("bodies that make no key are refused") {
  StoredRoutes server;
  const auto code = [&](const std::string& body) { return server.code(server.call("POST", "/v1/admin/keys", body)); };
  CHECK(code("{") == "bad_json");
  CHECK(code("{}") == "bad_value");
  CHECK(code(R"({"name":"a"})") == "bad_value");
  CHECK(code(R"({"name":"a","scopes":"admin"})") == "bad_value");
  CHECK(code(R"({"name":"a","scopes":[1]})") == "bad_value");
  CHECK(code(R"({"name":"a","scopes":[]})") == "bad_value");
  CHECK(code(R"({"name":"a","scopes":["root"]})") == "bad_value");
  CHECK(code(R"({"name":"a","scopes":["admin"],"key":"mine"})") == "unknown_field");
  CHECK(server.store.keys()->empty());
}

TEST_CASE("a store that fails is the server's trouble, and its paths stay unknown") {
  StoredRoutes server;
  server.store.fails = true;
  for (const auto& response :
       {server.call("GET", "/v1/admin/keys"),
        server.call("POST", "/v1/admin/keys", R"({"name":"a","scopes":["admin"]})"),
        server.call("DELETE", "/v1/admin/keys/a"), server.call("GET", "/v1/backups/" + backup_id),
        server.call("PUT", "/v1/backups/" + backup_id, "x", owner),
        server.call("DELETE", "/v1/backups/" + backup_id, {}, owner)}) {
    CHECK(response.status == 503);
    CHECK(response.body.find("/secret") == std::string::npos);
  }
}

TEST_CASE("a backup comes back as it was put") {
  StoredRoutes server;
  const std::string path = "/v1/backups/" + backup_id;
  CHECK(server.call("GET", path).status == 404);
  std::string sealed("\x00\xff sealed", 9);
  CHECK(server.call("PUT", path, sealed, owner).status == 204);
  const auto got = server.call("GET", path);
  CHECK(test::body_of(got) == sealed);
  CHECK(test::header_of(got, "Cache-Control") == "no-store");
  CHECK(server.call("PUT", path, "newer", owner).status == 204);
  CHECK(test::body_of(server.call("GET", path)) == "newer");
  CHECK(server.call("PUT", path, std::string(max_sealed_backup, 'x'), owner).status == 204);
  CHECK(server.call("DELETE", path, {}, owner).status == 204);
  CHECK(server.call("GET", path).status == 404);
}

TEST_CASE("a backup is replaced and removed by its owner alone") {
  StoredRoutes server;
  const std::string path = "/v1/backups/" + backup_id;
  REQUIRE(server.call("PUT", path, "mine", owner).status == 204);
  CHECK(server.code(server.call("PUT", path, "theirs", stranger)) == "other_owner");
  // As for an id that does not exist.
  const auto refused = server.call("DELETE", path, {}, stranger);
  const auto unknown = server.call("DELETE", "/v1/backups/" + std::string(43, 'B'), {}, stranger);
  CHECK(refused.status == 404);
  CHECK(refused.body == unknown.body);
  CHECK(test::body_of(server.call("GET", path)) == "mine");
}

TEST_CASE("owner tokens and ids have a form") {
  StoredRoutes server;
  const std::string token = GENERATE(as<std::string>{}, "", "short", std::string(21, 'a'), std::string(129, 'a'),
                                     std::string(25, 'a'), std::string(42, 'a') + "=", std::string(42, 'a') + "+");
  CAPTURE(token);
  CHECK(server.call("PUT", "/v1/backups/" + backup_id, "x", token).status == 401);
  CHECK(server.call("DELETE", "/v1/backups/" + backup_id, {}, token).status == 401);
  const std::string id = GENERATE(as<std::string>{}, "a", std::string(42, 'A'), std::string(44, 'A'),
                                  std::string(40, 'A') + "%2e%2e%2f", std::string(42, 'A') + "%20");
  CAPTURE(id);
  CHECK(server.call("GET", "/v1/backups/" + id).status == 400);
  CHECK(server.call("PUT", "/v1/backups/" + id, "x", owner).status == 400);
  CHECK(server.call("PUT", "/v1/backups/" + backup_id, "", owner).status == 400);
}

TEST_CASE("where too many calls wait for the store, the next one is refused") {
  StoredRoutes server;
  server.is_full = true;
  for (const auto& response : {server.call("GET", "/v1/admin/keys"), server.call("GET", "/v1/backups/" + backup_id),
                               server.call("PUT", "/v1/backups/" + backup_id, "sealed", owner)}) {
    CHECK(response.status == 503);
    CHECK(server.code(response) == "overloaded");
    CHECK(test::header_of(response, "Retry-After") == "1");
  }
  server.is_full = false;
  CHECK(server.call("GET", "/v1/backups/" + backup_id).status == 404);
}
