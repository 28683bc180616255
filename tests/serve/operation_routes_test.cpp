#include <sotto/serve/health_routes.hpp>
#include <sotto/serve/metrics_routes.hpp>
#include <sotto/serve/operator_routes.hpp>
#include <sotto/serve/overview_routes.hpp>

#include "scripted_store.hpp"
#include "small_models.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using sotto::test::deployment_of;
using sotto::test::small_model;

namespace sotto::serve {
namespace {

class Caught final : public http::Reply::Target {
 public:
  explicit Caught(std::optional<http::Response>& caught) : caught_(caught) {}
  void send(http::Response response) override { caught_ = std::move(response); }

 private:
  std::optional<http::Response>& caught_;
};

// A server's parts, whose background work waits until it is let run.
struct Rig {
  test::ScriptedStore store;
  std::vector<std::function<void()>> tasks;
  std::int64_t time = 1'767'225'600;
  std::vector<DeploymentPointer> deployments = {deployment_of(small_model(1))};
  http::ServerFigures connections;
  Metrics metrics;
  FeedbackFigures feedback{"s1"};
  bool is_full = false;  // no further task is taken
  InBackground in_background = [this](std::function<void()> task) {
    if (!is_full) tasks.push_back(std::move(task));
    return !is_full;
  };
  StoreWatch watch{store, in_background, [this] { return time; }};
  Router router;

  Rig() {
    const Observed observed{store,
                            watch,
                            metrics,
                            feedback,
                            [this] { return deployments; },
                            [this] { return &connections; },
                            in_background,
                            [this] { return time; },
                            time - 100};
    add_health_routes(router, observed);
    add_metrics_routes(router, observed, Scope::admin);
    add_overview_routes(router, observed);
    add_operator_routes(router);
  }

  void run_tasks() {
    while (!tasks.empty()) {
      auto waiting = std::move(tasks);
      tasks.clear();
      for (const auto& task : waiting) task();
    }
  }

  // Leaves the background work to the caller.
  void ask(std::string_view path, std::optional<http::Response>& answer,
           std::map<std::string, std::string, std::less<>> query = {}) {
    const Router::Match match = router.match("GET", path);
    REQUIRE(match.route != nullptr);
    Call call;
    call.query = std::move(query);
    match.route->endpoint(std::move(call), http::Reply(std::make_unique<Caught>(answer)));
  }

  http::Response get(std::string_view path, std::map<std::string, std::string, std::less<>> query = {}) {
    std::optional<http::Response> answer;
    ask(path, answer, std::move(query));
    run_tasks();
    REQUIRE(answer.has_value());
    return *answer;
  }
};

std::string header(const http::Response& response, std::string_view name) {
  for (const http::Header& header : response.headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

nlohmann::json json_of(const http::Response& response) {
  CHECK(header(response, "Content-Type") == "application/json");
  nlohmann::json document = nlohmann::json::parse(response.body, nullptr, false);
  REQUIRE(document.is_object());
  return document;
}

std::string line_with(const std::string& text, const std::string& begin) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(begin)) return line.substr(begin.size());
  }
  return "none";
}

}  // namespace

TEST_CASE("a process that lives says so without its store") {
  Rig rig;
  rig.store.failure = Error{ErrorCode::io, "gone"};
  const auto answer = rig.get("/healthz");
  CHECK(answer.status == 200);
  CHECK(json_of(answer)["status"] == "ok");
}

TEST_CASE("a server is ready when the store answers and a model is current") {
  Rig rig;
  CHECK(rig.get("/readyz").status == 200);
  rig.deployments.clear();
  auto answer = rig.get("/readyz");
  CHECK(answer.status == 503);
  CHECK(json_of(answer)["error"]["code"] == "not_ready");
  CHECK(json_of(answer)["error"]["message"] == "There is no model. Upload one, or start with --model FILE.");
  rig.deployments = {deployment_of(nullptr)};
  CHECK(json_of(rig.get("/readyz"))["error"]["message"] == "The model 'shop' has no current version.");
}

TEST_CASE("a store's failure makes a server not ready, and its reason stays inside") {
  Rig rig;
  rig.store.failure = Error{ErrorCode::io, "/secret/place: disk I/O error"};
  const auto answer = rig.get("/readyz");
  CHECK(answer.status == 503);
  CHECK(json_of(answer)["error"]["message"] == "The store does not answer.");
  CHECK(answer.body.find("secret") == std::string::npos);
  rig.store.failure.reset();
  CHECK(rig.get("/readyz").status == 200);
}

TEST_CASE("a store that does not answer is asked once, and later callers do not wait") {
  Rig rig;
  std::optional<http::Response> first;
  std::optional<http::Response> second;
  std::optional<http::Response> late;
  rig.ask("/readyz", first);
  rig.ask("/readyz", second);
  CHECK(rig.tasks.size() == 1);
  CHECK_FALSE(first.has_value());
  rig.time += StoreWatch::patience_seconds + 1;
  rig.ask("/readyz", late);
  REQUIRE(late.has_value());
  CHECK(late->status == 503);
  CHECK(rig.tasks.size() == 1);
  rig.run_tasks();
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(first->status == 200);
  CHECK(second->status == 200);
  CHECK(rig.get("/readyz").status == 200);
}

TEST_CASE("where no task can wait, the server is not ready, and asks again later") {
  Rig rig;
  rig.is_full = true;
  std::optional<http::Response> answer;
  rig.ask("/readyz", answer);
  REQUIRE(answer.has_value());
  CHECK(answer->status == 503);
  CHECK_FALSE(rig.watch.size().has_value());
  rig.is_full = false;
  CHECK(rig.get("/readyz").status == 200);
  CHECK_FALSE(rig.watch.size().has_value());
  rig.run_tasks();
  CHECK(rig.watch.size().has_value());
}

TEST_CASE("the store's size is remembered for a while") {
  Rig rig;
  CHECK_FALSE(rig.watch.size().has_value());
  CHECK_FALSE(rig.watch.size().has_value());
  CHECK(rig.tasks.size() == 1);
  rig.run_tasks();
  REQUIRE(rig.watch.size().has_value());
  CHECK(rig.watch.size()->bytes == 4096);
  CHECK(rig.tasks.empty());
  rig.store.its_size.bytes = 8192;
  rig.time += StoreWatch::size_seconds;
  CHECK(rig.watch.size()->bytes == 4096);
  rig.run_tasks();
  CHECK(rig.watch.size()->bytes == 8192);
}

TEST_CASE("metrics have Prometheus' text format") {
  Rig rig;
  rig.deployments = {deployment_of(small_model(1), small_model(2))};
  RouteMetrics& route = rig.metrics.add_route("POST", "/v1/recommend");
  route.answered(200, 0.0002);
  route.answered(200, 0.003);
  route.answered(404, 20);
  rig.metrics.events_accepted.add(7);
  rig.metrics.users_in_memory.set(5);
  rig.metrics.commit_requests.observe(3);
  rig.connections.open = 9;
  rig.feedback.shown(*rig.deployments[0]->current, std::vector<ItemIndex>{1, 2}, 100, rig.time);
  static_cast<void>(rig.watch.size());
  rig.run_tasks();

  const auto answer = rig.get("/metrics");
  CHECK(header(answer, "Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  const std::string& text = answer.body;
  const std::string labels = R"(method="POST",route="/v1/recommend")";
  CHECK(line_with(text, "sotto_http_requests_total{" + labels + R"(,status="2xx"} )") == "2");
  CHECK(line_with(text, "sotto_http_requests_total{" + labels + R"(,status="4xx"} )") == "1");
  CHECK(line_with(text, "sotto_http_request_duration_seconds_bucket{" + labels + R"(,le="0.0001"} )") == "0");
  CHECK(line_with(text, "sotto_http_request_duration_seconds_bucket{" + labels + R"(,le="0.00025"} )") == "1");
  CHECK(line_with(text, "sotto_http_request_duration_seconds_bucket{" + labels + R"(,le="10"} )") == "2");
  CHECK(line_with(text, "sotto_http_request_duration_seconds_bucket{" + labels + R"(,le="+Inf"} )") == "3");
  CHECK(line_with(text, "sotto_http_request_duration_seconds_count{" + labels + "} ") == "3");
  CHECK(line_with(text, "sotto_events_accepted_total ") == "7");
  CHECK(line_with(text, "sotto_users_in_memory ") == "5");
  CHECK(line_with(text, "sotto_commit_requests_sum ") == "3");
  CHECK(line_with(text, "sotto_http_connections ") == "9");
  CHECK(line_with(text, "sotto_store_bytes ") == "4096");
  CHECK(line_with(text, "process_resident_memory_bytes ") != "none");
  const std::string version = rig.deployments[0]->current->version();
  CHECK(line_with(text, "sotto_feedback_lists_total{version=\"" + version + "\"} ") == "1");
  CHECK(line_with(text, "sotto_model_info{model=\"shop\",version=\"" + version + "\",role=\"current\"} ") == "1");
  CHECK(line_with(text, R"(sotto_model_share{model="shop",role="candidate"} )") == "0.25");
}

TEST_CASE("docs/metrics.md has every metric, with its type, and no other") {
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  if (source == nullptr) SKIP("SOTTO_SOURCE_DIR is not set");
  Rig rig;
  static_cast<void>(rig.watch.size());
  rig.run_tasks();
  std::set<std::string> shown;
  std::istringstream lines(rig.get("/metrics").body);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) shown.insert(line.substr(7));
  }
  std::set<std::string> described;
  std::ifstream page(std::string(source) + "/docs/metrics.md");
  REQUIRE(page);
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    const std::string name = line.substr(3, line.find_first_of("{`", 3) - 3);
    const std::size_t type = line.find("` | ");
    if (type == std::string::npos || line.find(" | ", type + 4) == std::string::npos) continue;
    described.insert(name + " " + line.substr(type + 4, line.find(" | ", type + 4) - type - 4));
  }
  CHECK(shown == described);
}

TEST_CASE("the overview shows state, counts, sizes, models and figures") {
  Rig rig;
  rig.deployments = {deployment_of(small_model(1), small_model(2), small_model(3))};
  rig.metrics.events_accepted.add(4);
  rig.metrics.add_route("GET", "/x").answered(500, 0.1);
  rig.feedback.shown(*rig.deployments[0]->current, std::vector<ItemIndex>{1, 2}, 100, rig.time);
  REQUIRE(rig.feedback.flush(rig.store, rig.time).ok());
  static_cast<void>(rig.watch.size());
  rig.run_tasks();

  const auto answer = rig.get("/v1/admin/overview");
  CHECK(answer.status == 200);
  CHECK(header(answer, "Cache-Control") == "no-store");
  const nlohmann::json overview = json_of(answer);
  CHECK(overview["server"]["problems"].empty());
  CHECK(overview["server"]["started"] == rig.time - 100);
  CHECK(overview["counts"]["requests"] == 1);
  CHECK(overview["counts"]["server_errors"] == 1);
  CHECK(overview["counts"]["events"] == 4);
  CHECK(overview["store"]["size"]["users"] == 3);
  const nlohmann::json& model = overview["models"][0];
  CHECK(model["name"] == "shop");
  CHECK(model["current"]["items"] == 40);
  CHECK(model["previous"].is_null());
  CHECK(model["candidate"]["share"] == 0.25);
  CHECK(model["shadow"]["share"] == 0.5);
  CHECK(model["comparisons"].size() == 2);
  CHECK(overview["figures"]["step_s"] == 3600);
  CHECK(overview["figures"]["versions"][0]["total"]["lists"] == 1);
  CHECK(json_of(rig.get("/v1/admin/overview", {{"hours", "2160"}}))["figures"]["step_s"] == 86'400);
}

TEST_CASE("an overview without its store says what is missing") {
  Rig rig;
  rig.store.failure = Error{ErrorCode::io, "the disk is gone"};
  const nlohmann::json overview = json_of(rig.get("/v1/admin/overview"));
  REQUIRE(overview["server"]["problems"].size() == 1);
  CHECK(overview["server"]["problems"][0] == "The store does not give the figures: the disk is gone.");
  CHECK(overview["store"]["size"].is_null());
  CHECK(overview["models"].size() == 1);
}

TEST_CASE("hours of an overview that are no such number are refused") {
  Rig rig;
  for (const char* hours : {"", "0", "-1", "2161", "1.5", "12h", " 12", "99999999999999999999"}) {
    CAPTURE(hours);
    const auto answer = rig.get("/v1/admin/overview", {{"hours", hours}});
    CHECK(answer.status == 400);
    CHECK(json_of(answer)["error"]["code"] == "bad_value");
  }
}

TEST_CASE("only the overview and the metrics need a key") {
  Rig rig;
  CHECK(rig.router.match("GET", "/v1/admin/overview").route->scope == Scope::admin);
  CHECK(rig.router.match("GET", "/metrics").route->scope == Scope::admin);
  for (const char* path : {"/healthz", "/readyz", "/operator", "/openapi.json"}) {
    CHECK(rig.router.match("GET", path).route->scope == Scope::open);
  }
}

TEST_CASE("the operator's page runs its own script and style alone") {
  Rig rig;
  const auto answer = rig.get("/operator");
  CHECK(answer.status == 200);
  CHECK(header(answer, "Content-Type") == "text/html; charset=utf-8");
  const std::string policy = header(answer, "Content-Security-Policy");
  CHECK(policy.starts_with("default-src 'none'; "));
  CHECK(policy.find("unsafe") == std::string::npos);
  const std::string& page = answer.body;
  for (const std::string element : {"script", "style"}) {
    const std::size_t begin = page.find("<" + element + ">") + element.size() + 2;
    const std::size_t end = page.find("</" + element + ">");
    REQUIRE(end != std::string::npos);
    CHECK(page.find("</" + element + ">", end + 1) == std::string::npos);
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(page.data()) + begin, end - begin, digest);
    unsigned char base64[64];
    EVP_EncodeBlock(base64, digest, sizeof digest);
    const std::string source = element + "-src 'sha256-" + reinterpret_cast<const char*>(base64) + "'";
    CHECK(policy.find(source) != std::string::npos);
  }
  // Nothing is fetched from elsewhere, and no attribute carries style or script.
  for (const char* outside : {"src=\"", "@import", "url(", "style=\"", "onclick=\"", "http://", "innerHTML"}) {
    CAPTURE(outside);
    const std::size_t found = page.find(outside);
    // SVG's namespace is a name, not an address.
    CHECK((found == std::string::npos || page.compare(found, 26, "http://www.w3.org/2000/svg") == 0));
  }
}

TEST_CASE("the API's description is an OpenAPI document that has these routes") {
  Rig rig;
  const nlohmann::json document = json_of(rig.get("/openapi.json"));
  CHECK(document["openapi"].get<std::string>().starts_with("3.1"));
  for (const char* path : {"/v1/admin/overview", "/metrics", "/healthz", "/readyz", "/openapi.json", "/operator"}) {
    CHECK(document["paths"].contains(path));
  }
}

}  // namespace sotto::serve
