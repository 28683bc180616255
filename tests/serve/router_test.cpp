#include <sotto/serve/router.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>
#include <vector>

using namespace sotto::serve;

namespace {

Route route(std::string method, std::string pattern) {
  return {std::move(method), std::move(pattern), Scope::open, 0, [](Call, sotto::http::Reply) {}, {}};
}

Router small_router() {
  Router router;
  router.add(route("GET", "/v1/users/{id}/state"));
  router.add(route("PUT", "/v1/users/{id}/state"));
  router.add(route("POST", "/v1/events"));
  router.add(route("GET", "/v1/models/{name}/versions/{version}"));
  return router;
}

}  // namespace

TEST_CASE("a path finds its route and its decoded parameters") {
  const Router router = small_router();
  const auto match = router.match("PUT", "/v1/users/J%C3%BCrgen%2F7/state");
  REQUIRE(match.route != nullptr);
  CHECK(match.route->method == "PUT");
  CHECK(match.path.at("id") == "Jürgen/7");
  CHECK_FALSE(match.is_malformed);
  const auto two = router.match("GET", "/v1/models/shop/versions/0123456789abcdef");
  REQUIRE(two.route != nullptr);
  CHECK(two.path.at("name") == "shop");
  CHECK(two.path.at("version") == "0123456789abcdef");
}

TEST_CASE("a path without a route has no methods, another method has those of the path") {
  const Router router = small_router();
  for (const char* path : {"/", "", "*", "/v1", "/v1/events/", "//v1/events", "/v1/users//state", "/v1/users/a/b/state",
                           "/v1/%65vents", "/V1/events"}) {
    CAPTURE(path);
    CHECK(router.match("GET", path).allowed.empty());
  }
  const auto match = router.match("DELETE", "/v1/users/a/state");
  CHECK(match.route == nullptr);
  CHECK(match.allowed == std::vector<std::string>{"GET", "HEAD", "OPTIONS", "PUT"});
  CHECK(router.match("GET", "/v1/events").allowed == std::vector<std::string>{"OPTIONS", "POST"});
}

TEST_CASE("HEAD is answered by the route of GET") {
  const Router router = small_router();
  const auto match = router.match("HEAD", "/v1/users/a/state");
  REQUIRE(match.route != nullptr);
  CHECK(match.route->method == "GET");
  CHECK(router.match("HEAD", "/v1/events").route == nullptr);
}

TEST_CASE("parameters that could mean another path are malformed") {
  const std::string segment = GENERATE(as<std::string>{}, "..", ".", "%2e%2e", "%2E", "%2e.", "a%00b", "%", "%4", "%zz",
                                       "%c0%ae%c0%ae", "%ed%a0%80", "%ff", "a%0d%0ab", "%7f", "%1f");
  CAPTURE(segment);
  CHECK_FALSE(decode_path_segment(segment));
  const auto match = small_router().match("GET", "/v1/users/" + segment + "/state");
  CHECK(match.is_malformed);
}

TEST_CASE("dots inside a parameter, encoded slashes and other scripts are its text") {
  CHECK(decode_path_segment("..a") == "..a");
  CHECK(decode_path_segment("%2e%2e%2fetc") == "../etc");
  CHECK(decode_path_segment("a+b") == "a+b");
  CHECK(decode_path_segment("%E6%97%A5") == "日");
  CHECK_FALSE(decode_path_segment(""));
}

TEST_CASE("a query is decoded, and a repeated parameter is refused") {
  QueryError error;
  const auto query = decode_query("a=1&b=x%20y+z&&c", error);
  REQUIRE(query);
  CHECK(*query == Parameters{{"a", "1"}, {"b", "x y z"}, {"c", ""}});
  CHECK(decode_query("", error)->empty());

  CHECK_FALSE(decode_query("a=1&a=1", error));
  CHECK(error.code == "repeated_parameter");
  for (const char* bad : {"=1", "a=%", "a=%ff", "%00=1"}) {
    CAPTURE(bad);
    CHECK_FALSE(decode_query(bad, error));
    CHECK(error.code == "malformed_query");
  }
}
