#include <sotto/serve/admin_model_routes.hpp>
#include <sotto/serve/model_routes.hpp>

#include "captured_answer.hpp"
#include "model_folder.hpp"

#include <zstd.h>
#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace sotto;
using namespace sotto::serve;
using test::added;
using test::header_of;
using test::small_model_file;

namespace {

class ModelServer {
 public:
  ModelServer() {
    folder.prepare_encodings = true;
    registry = folder.open();
    add_model_routes(router, *registry, folder.metrics);
    add_admin_model_routes(router, *registry, [this](std::uint64_t fingerprint) -> Result<std::uint64_t> {
      if (store_fails) return Error{ErrorCode::io, "the disk is gone"};
      asked = fingerprint;
      return users;
    });
  }

  http::Response call(std::string method, std::string path, std::string body = {},
                      std::vector<http::Header> headers = {}) {
    http::Request request = test::request(std::move(method), std::move(path), std::move(body), std::move(headers));
    auto match = router.match(request.method, request.path);
    REQUIRE(match.route != nullptr);
    REQUIRE_FALSE(match.is_malformed);
    QueryError error;
    auto query = decode_query(request.query, error);
    REQUIRE(query);
    test::CapturedAnswer answer;
    match.route->endpoint({std::move(request), std::move(match.path), std::move(*query), {}}, answer.reply());
    return answer.wait();
  }
  nlohmann::json json(const http::Response& response) { return nlohmann::json::parse(response.body, nullptr, false); }

  std::uint64_t users = 0;  // how many belong to any version
  bool store_fails = false;
  std::uint64_t asked = 0;  // the version that the store was asked about last
  test::ModelFolder folder;
  std::unique_ptr<Registry> registry;
  Router router;
};

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("a page gets the current model, and nothing the second time") {
  ModelServer server;
  const auto file = small_model_file(1);
  const std::string version = added(*server.registry, "shop", file);
  CHECK(server.call("GET", "/v1/models/shop/current").status == 404);
  REQUIRE(server.registry->set_current("shop", version));
  server.registry->finish_encodings();

  const auto first = server.call("GET", "/v1/models/shop/current");
  CHECK(first.status == 200);
  CHECK(test::body_of(first) == text_of(file));
  CHECK(header_of(first, "ETag") == "\"" + version + "\"");
  CHECK(header_of(first, "Cache-Control") == "no-cache");
  CHECK(header_of(first, "X-Sotto-Version") == version);
  CHECK(header_of(first, "Content-Type") == "application/octet-stream");
  const auto second = server.call("GET", "/v1/models/shop/current", {}, {{"If-None-Match", header_of(first, "ETag")}});
  CHECK(second.status == 304);
  CHECK(second.size() == 0);
  CHECK(header_of(second, "Cache-Control") == "no-cache");
  CHECK(server.folder.metrics.model_downloads.value() == 1);

  const auto list = server.json(server.call("GET", "/v1/models"));
  REQUIRE(list["models"].size() == 1);
  CHECK(list["models"][0] ==
        nlohmann::json{{"name", "shop"}, {"version", version}, {"items", 12}, {"bytes", file.size()}});
}

TEST_CASE("a version is delivered for ever, whole, in part or coded") {
  ModelServer server;
  const auto file = small_model_file(1);
  const std::string version = added(*server.registry, "shop", file);
  server.registry->finish_encodings();
  const std::string path = "/v1/models/shop/versions/" + version;
  const auto whole = server.call("GET", path);
  CHECK(test::body_of(whole) == text_of(file));
  CHECK(header_of(whole, "Cache-Control") == "public, max-age=31536000, immutable");

  const auto part = server.call("GET", path, {}, {{"Range", "bytes=10-19"}});
  CHECK(part.status == 206);
  CHECK(test::body_of(part) == text_of(file).substr(10, 10));
  const auto coded = server.call("GET", path, {}, {{"Accept-Encoding", "zstd"}});
  CHECK(header_of(coded, "Content-Encoding") == "zstd");
  std::string decoded(file.size(), '\0');
  const std::size_t size =
      ::ZSTD_decompress(decoded.data(), decoded.size(), coded.shared.bytes.data(), coded.shared.bytes.size());
  CHECK(size == file.size());
  CHECK(decoded == text_of(file));
  const auto beyond = server.call("GET", path, {}, {{"Range", "bytes=99999999-"}});
  CHECK(beyond.status == 416);
  CHECK(header_of(beyond, "Cache-Control") == "no-store");
}

TEST_CASE("no path of a model's address reaches another file") {
  ModelServer server;
  const std::string version = added(*server.registry, "shop", small_model_file(1));
  test::write_bytes(server.folder.beside("0123456789abcdef.safetensors"), small_model_file(2));
  const std::string name = GENERATE(as<std::string>{}, "%2e%2e%2fmodels", "..%2f", "%2e%2e%5c", "shop%2f..%2fshop",
                                    ".hidden", "%E2%80%A5", "shop%20", "C%3a", "~root");
  CAPTURE(name);
  CHECK(server.call("GET", "/v1/models/" + name + "/versions/0123456789abcdef").status == 404);
  CHECK(server.call("GET", "/v1/models/" + name + "/current").status == 404);
  CHECK(server.call("GET", "/v1/models/shop/versions/" + name).status == 404);
  CHECK(server.call("PUT", "/v1/admin/models/" + name, text_of(small_model_file(3))).status == 400);
  CHECK(server.call("GET", "/v1/admin/models/" + name).status == 404);
  // The codings of the version, finished or not, may lie beside it.
  for (const std::string& file : server.folder.files()) CHECK(file.starts_with("shop/" + version + "."));
}

TEST_CASE("an upload becomes current when it says so, and is rolled back in one call") {
  ModelServer server;
  const auto first = server.call("PUT", "/v1/admin/models/shop?current=true", text_of(small_model_file(1)));
  CHECK(first.status == 201);
  const std::string one = server.json(first)["version"];
  CHECK(server.json(first) == nlohmann::json{{"name", "shop"}, {"version", one}, {"current", true}});
  const auto second = server.call("PUT", "/v1/admin/models/shop", text_of(small_model_file(2)));
  const std::string two = server.json(second)["version"];
  CHECK(server.json(second)["current"] == false);
  CHECK(server.call("PUT", "/v1/admin/models/shop", text_of(small_model_file(2))).status == 200);

  const std::string body = R"({"version":")" + two + R"("})";
  const auto changed = server.json(server.call("POST", "/v1/admin/models/shop/current", body));
  CHECK(changed["current"] == two);
  CHECK(changed["previous"] == one);
  CHECK(changed["versions"].size() == 2);
  CHECK(changed["history"].size() == 2);
  CHECK(server.registry->deployment("shop")->current->version() == two);
  CHECK(server.json(server.call("POST", "/v1/admin/models/shop/rollback"))["current"] == one);
  CHECK(server.registry->deployment("shop")->current->version() == one);

  const std::string shared = R"({"version":")" + two + R"(","share":0.25})";
  const auto with_candidate = server.json(server.call("PUT", "/v1/admin/models/shop/candidate", shared));
  CHECK(with_candidate["candidate"] == nlohmann::json{{"version", two}, {"share", 0.25}});
  CHECK(server.json(server.call("PUT", "/v1/admin/models/shop/shadow", shared))["shadow"]["share"] == 0.25);
  CHECK(server.json(server.call("DELETE", "/v1/admin/models/shop/candidate"))["candidate"].is_null());
  CHECK(server.json(server.call("DELETE", "/v1/admin/models/shop/shadow"))["shadow"].is_null());
  CHECK(server.call("DELETE", "/v1/admin/models/shop/shadow").status == 400);
}

TEST_CASE("admin calls with a wrong body are refused with a reason") {
  ModelServer server;
  REQUIRE(server.call("PUT", "/v1/admin/models/shop?current=true", text_of(small_model_file(1))).status == 201);
  const auto code = [&](const std::string& method, const std::string& path, const std::string& body) {
    const auto response = server.call(method, "/v1/admin/models/" + path, body);
    CHECK(response.status >= 400);
    CHECK(response.status < 500);
    return server.json(response)["error"]["code"].get<std::string>();
  };
  CHECK(code("POST", "shop/current", "") == "bad_json");
  CHECK(code("POST", "shop/current", "[]") == "bad_json");
  CHECK(code("POST", "shop/current", R"({"version":"0123456789abcdef","x":1})") == "unknown_field");
  CHECK(code("POST", "shop/current", R"({"version":7})") == "bad_value");
  CHECK(code("POST", "shop/current", R"({"version":"../../etc/passwd"})") == "bad_value");
  CHECK(code("POST", "shop/current", R"({"version":"0123456789abcdef"})") == "unknown_version");
  CHECK(code("PUT", "shop/candidate", R"({"version":"0123456789abcdef"})") == "bad_value");
  CHECK(code("PUT", "shop/candidate", R"({"version":"0123456789abcdef","share":"1"})") == "bad_value");
  CHECK(code("POST", "shop/rollback", "") == "no_previous_version");
  CHECK(server.call("POST", "/v1/admin/models/shop/rollback").status == 409);
  CHECK(code("POST", "other/rollback", "") == "unknown_model");
  CHECK(code("PUT", "shop?current=yes", text_of(small_model_file(2))) == "bad_value");

  const auto refused = server.call("PUT", "/v1/admin/models/new", "no model");
  CHECK(refused.status == 422);
  CHECK_FALSE(std::filesystem::exists(server.folder.path() / "new"));
}

TEST_CASE("a version without a role is listed with its size and date, and can be removed") {
  ModelServer server;
  const auto file = small_model_file(2);
  const std::string path = "/v1/admin/models/shop";
  const std::string one =
      server.json(server.call("PUT", path + "?current=true", text_of(small_model_file(1))))["version"];
  const std::string two = server.json(server.call("PUT", path, text_of(file)))["version"];
  server.registry->finish_encodings();
  const auto entry = [&](const std::string& version) {
    const nlohmann::json described = server.json(server.call("GET", path));
    for (const auto& candidate : described["versions"]) {
      if (candidate["version"] == version) return candidate;
    }
    return nlohmann::json();
  };
  CHECK(entry(one)["roles"] == nlohmann::json::array({"current"}));
  CHECK(entry(two)["roles"] == nlohmann::json::array());
  CHECK(entry(two)["bytes"] == file.size());
  CHECK(entry(two)["added"].get<std::int64_t>() > 1'700'000'000);

  CHECK(server.call("DELETE", path + "/versions/" + two).status == 204);
  CHECK(server.asked == std::stoull(two, nullptr, 16));
  CHECK(entry(two).is_null());
  for (const std::string& name : server.folder.files()) CHECK(name.find(two) == std::string::npos);
  CHECK(server.call("GET", "/v1/models/shop/versions/" + two).status == 404);
  CHECK(server.call("DELETE", path + "/versions/" + two).status == 404);
  // It may come back.
  CHECK(server.call("PUT", path, text_of(file)).status == 201);
  CHECK(server.call("GET", "/v1/models/shop/versions/" + two).status == 200);
}

TEST_CASE("a version that is needed is not removed") {
  ModelServer server;
  const std::string path = "/v1/admin/models/shop";
  const auto upload = [&](std::uint64_t seed, const std::string& query = {}) {
    return server.json(server.call("PUT", path + query, text_of(small_model_file(seed))))["version"].get<std::string>();
  };
  const std::string previous = upload(1, "?current=true");
  const std::string current = upload(2, "?current=true");
  const std::string candidate = upload(3);
  const std::string unused = upload(4);
  REQUIRE(server.call("PUT", path + "/candidate", R"({"version":")" + candidate + R"(","share":0.5})").status == 200);
  const auto code = [&](const std::string& version, const std::string& query = {}) {
    const auto response = server.call("DELETE", path + "/versions/" + version + query);
    return response.status == 204 ? "removed" : server.json(response)["error"]["code"].get<std::string>();
  };
  server.users = 7;
  for (const std::string& version : {previous, current, candidate}) {
    CHECK(code(version) == "version_in_use");
    CHECK(code(version, "?force=true") == "version_in_use");
  }
  const auto refused = server.call("DELETE", path + "/versions/" + unused);
  CHECK(refused.status == 409);
  CHECK(server.json(refused)["error"]["code"] == "version_has_users");
  CHECK(refused.body.find(" 7 users") != std::string::npos);
  CHECK(code(unused, "?force=false") == "version_has_users");
  CHECK(code(unused, "?force=yes") == "bad_value");
  server.store_fails = true;
  CHECK(code(unused) == "store_unavailable");
  CHECK(code("0123456789abcdef") == "unknown_version");
  CHECK(code("%2e%2e%2fdeployment") == "unknown_version");
  CHECK(server.json(server.call("DELETE", "/v1/admin/models/other/versions/" + unused))["error"]["code"] ==
        "unknown_model");
  CHECK(code(unused, "?force=true") == "removed");
}
