#include <sotto/data/text.hpp>
#include <sotto/http/text.hpp>
#include <sotto/serve/answer.hpp>
#include <sotto/serve/byte_range.hpp>
#include <sotto/serve/door.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace sotto::serve {
namespace {

// Enough for any request that is refused, so that its client reads why and not that the body is too long.
constexpr std::size_t max_refused_body = 64 * 1024;

constexpr std::string_view preflight_seconds = "600";
// Headers that pages may send and read beyond the simple ones (Fetch standard, CORS protocol).
constexpr std::string_view request_headers =
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Range, X-Backup-Owner, "
    "Sotto-Upload-Token";
constexpr std::string_view response_headers =
    "Content-Range, ETag, Idempotency-Replayed, Retry-After, X-Request-Id, X-Sotto-Version";

bool may_change_something(std::string_view method) noexcept {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

// Whether a page's origin is the address that the request was sent to. The scheme is not compared: a proxy may have
// ended TLS.
bool is_own_origin(const http::Request& request, std::string_view origin) noexcept {
  const std::size_t scheme_end = origin.find("://");
  const std::string_view host = request.header("Host");
  return scheme_end != std::string_view::npos && !host.empty() &&
         http::equal_in_any_case(origin.substr(scheme_end + 3), host);
}

// The log and the figures have no methods that a client made up.
std::string_view known_method(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 7> known = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
  const auto* found = std::ranges::find(known, method);
  return found == known.end() ? "other" : *found;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// What lets a page read an answer. The origin is empty where its pages may not, or where no page asked.
void add_origin_headers(std::vector<http::Header>& headers, std::string_view origin, bool varies_by_origin) {
  if (!origin.empty()) {
    headers.push_back({"Access-Control-Allow-Origin", std::string(origin)});
    headers.push_back({"Access-Control-Expose-Headers", std::string(response_headers)});
  }
  // A cache must not give one origin's answer to another.
  if (varies_by_origin) headers.push_back({"Vary", "Origin"});
}

// Fills the call's parameters. Returns the refusal of a query that the route does not know.
std::optional<http::Response> read_query(const Route& route, Call& call) {
  QueryError error;
  auto query = decode_query(call.request.query, error);
  if (!query) return error_answer(400, error.code, error.message);
  for (const auto& [name, value] : *query) {
    if (std::ranges::find(route.query, name) != route.query.end()) continue;
    return error_answer(400, "unknown_parameter", "The query has the unknown parameter " + data::in_quotes(name) + ".");
  }
  call.query = std::move(*query);
  return std::nullopt;
}

}  // namespace

// Where answers are counted and logged.
struct Door::Ledger {
  struct Entry {
    std::string pattern;
    RouteMetrics* metrics = nullptr;
  };

  Ledger(const Router& router, app::Logger& logger, Metrics& counted, const DoorOptions& options)
      : log(logger),
        log_requests(options.log_requests),
        varies_by_origin(!options.origins.empty()),
        without_route{"(no route)", &counted.add_route("", "")} {
    for (const Route& route : router.routes()) {
      by_route[&route] = {route.pattern, &counted.add_route(route.method, route.pattern)};
    }
  }

  app::Logger& log;
  bool log_requests;
  bool varies_by_origin;
  Entry without_route;
  std::map<const Route*, Entry> by_route;
};

// Adds to an answer what every answer has, counts and logs it, and sends it.
class Door::Answer final : public http::Reply::Target {
 public:
  Answer(std::shared_ptr<const Ledger> ledger, const http::Request& request, const Route* route, http::Reply reply)
      : ledger_(std::move(ledger)),
        entry_(route == nullptr ? ledger_->without_route : ledger_->by_route.at(route)),
        reply_(std::move(reply)),
        method_(known_method(request.method)),
        request_id_(request.id),
        start_(std::chrono::steady_clock::now()) {}

  ~Answer() override {
    if (!is_sent_) send(error_answer(500, "internal_error", "The server has not answered this request."));
  }

  void allow_origin(std::string_view origin) { origin_ = origin; }
  void set_key(std::string_view key_id) { key_id_ = key_id; }

  void send(http::Response response) override {
    is_sent_ = true;
    set_request_id(response, request_id_);
    add_origin_headers(response.headers, origin_, ledger_->varies_by_origin);
    // Before the client has the answer: afterwards the server may be stopped.
    count(response, method_ == "HEAD" ? 0 : response.size());
    reply_(std::move(response));
  }

 private:
  void count(const http::Response& response, std::size_t bytes) {
    const unsigned status = response.status;
    const std::chrono::nanoseconds time = std::chrono::steady_clock::now() - start_;
    entry_.metrics->answered(status, static_cast<double>(time.count()) * 1e-9);
    // A failure of the server is said even where requests are not.
    if (!ledger_->log_requests && response.reason.empty()) return;
    // The pattern stands for the path, which may have a user's id.
    const std::string_view pattern = entry_.pattern;
    const std::int64_t micros = time.count() / 1000;
    std::string message =
        fmt::format("{} {} {}, {} bytes, {} us, request {}", method_, pattern, status, bytes, micros, request_id_);
    if (!response.reason.empty()) message += ": " + response.reason;
    const std::initializer_list<app::LogField> fields = {
        {"request_id", request_id_}, {"method", method_},        {"route", pattern},
        {"status", status},          {"bytes", bytes},           {"micros", micros},
        {"key_id", key_id_},         {"reason", response.reason}};
    if (status >= 500) {
      ledger_->log.warning(message, fields);
    } else {
      ledger_->log.info(message, fields);
    }
  }

  std::shared_ptr<const Ledger> ledger_;
  const Ledger::Entry& entry_;
  http::Reply reply_;
  std::string_view method_;
  std::string request_id_;
  std::chrono::steady_clock::time_point start_;
  std::string origin_;
  std::string key_id_;
  bool is_sent_ = false;
};

Status check_origin(std::string_view origin) {
  const Error refusal{ErrorCode::invalid_argument,
                      fmt::format("{} is no origin such as https://shop.example", data::in_quotes(origin))};
  std::string_view host = origin;
  if (host.starts_with("https://")) {
    host.remove_prefix(8);
  } else if (host.starts_with("http://")) {
    host.remove_prefix(7);
  } else {
    return refusal;
  }
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-.:[]_";
  if (host.empty() || host.find_first_not_of(letters) != std::string_view::npos) return refusal;
  return Ok{};
}

Door::Door(const Router& router, const ApiKeys& keys, app::Logger& log, Metrics& metrics, DoorOptions options)
    : router_(router),
      keys_(keys),
      metrics_(metrics),
      origins_(options.origins),
      ledger_(std::make_shared<const Ledger>(router, log, metrics, options)) {}

bool Door::is_allowed(std::string_view origin) const noexcept {
  return std::ranges::find(origins_, origin) != origins_.end();
}

http::Intake Door::intake(const http::Request& head) const {
  const Router::Match match = router_.match(head.method, head.path);
  KeyDecision decision;
  http::Intake intake;
  intake.reads_body = judge(head, match, decision) == Verdict::passes &&
                      (!match.route->reads_body || match.route->reads_body(head, match.path));
  intake.body_limit = match.route == nullptr ? max_refused_body : match.route->body_limit;
  if (!intake.reads_body) intake.body_limit = std::min(intake.body_limit, max_refused_body);
  const std::string_view origin = head.header("Origin");
  add_origin_headers(intake.headers, is_allowed(origin) ? origin : std::string_view(), ledger_->varies_by_origin);
  return intake;
}

Door::Verdict Door::judge(const http::Request& request, const Router::Match& match, KeyDecision& decision) const {
  if (match.allowed.empty()) return Verdict::nothing_here;
  if (request.method == "OPTIONS") return Verdict::preflight;
  if (match.route == nullptr) return Verdict::wrong_method;
  if (match.is_malformed) return Verdict::malformed_path;
  // A browser asks before it lets a page send JSON, but it sends a form without asking. A page that is not allowed must
  // not change anything, also where no key is needed.
  const std::string_view origin = request.header("Origin");
  if (!origin.empty() && !is_allowed(origin) && may_change_something(request.method) &&
      !is_own_origin(request, origin)) {
    return Verdict::foreign_page;
  }
  decision = keys_.decide(match.route->scope, joined_header(request, "Authorization"));
  return decision.kind == KeyDecision::Kind::allowed ? Verdict::passes : Verdict::bad_key;
}

http::Response Door::preflight(const http::Request& request, const Router::Match& match) const {
  http::Response response;
  response.status = 204;
  const std::string methods = joined(match.allowed);
  response.headers.push_back({"Allow", methods});
  if (!is_allowed(request.header("Origin")) || request.header("Access-Control-Request-Method").empty()) return response;
  response.headers.push_back({"Access-Control-Allow-Methods", methods});
  response.headers.push_back({"Access-Control-Allow-Headers", std::string(request_headers)});
  response.headers.push_back({"Access-Control-Max-Age", std::string(preflight_seconds)});
  return response;
}

http::Response Door::refuse_key(const Route& route, const KeyDecision& decision, bool was_sent) const {
  const std::string_view scope = scope_name(route.scope);
  if (decision.kind == KeyDecision::Kind::admin_off) {
    metrics_.refused_by_scope.add();
    return error_answer(403, "admin_off",
                        "Admin calls are off until a key for them is made: sotto serve --make-key NAME:admin.");
  }
  // The challenges of RFC 6750, section 3.
  if (decision.kind == KeyDecision::Kind::lacks_scope) {
    metrics_.refused_by_scope.add();
    http::Response response = error_answer(403, "missing_scope", fmt::format("The key lacks the scope '{}'.", scope));
    response.headers.push_back(
        {"WWW-Authenticate", fmt::format(R"(Bearer realm="sotto", error="insufficient_scope", scope="{}")", scope)});
    return response;
  }
  metrics_.refused_without_key.add();
  http::Response response =
      was_sent ? error_answer(401, "unknown_key", "The API key is not known.")
               : error_answer(
                     401, "key_needed",
                     fmt::format("This call needs an API key with the scope '{}' in the header Authorization.", scope));
  response.headers.push_back(
      {"WWW-Authenticate", was_sent ? R"(Bearer realm="sotto", error="invalid_token")" : R"(Bearer realm="sotto")"});
  return response;
}

void Door::handle(http::Request request, http::Reply reply) {
  Router::Match match = router_.match(request.method, request.path);
  auto answer = std::make_unique<Answer>(ledger_, request, match.route, std::move(reply));
  const std::string_view origin = request.header("Origin");
  if (is_allowed(origin)) answer->allow_origin(origin);

  KeyDecision decision;
  switch (judge(request, match, decision)) {
    case Verdict::passes: break;
    case Verdict::nothing_here: answer->send(error_answer(404, "not_found", "There is nothing at this path.")); return;
    case Verdict::preflight: answer->send(preflight(request, match)); return;
    case Verdict::wrong_method: {
      http::Response refusal = error_answer(405, "method_not_allowed", "This path does not have this method.");
      refusal.headers.push_back({"Allow", joined(match.allowed)});
      answer->send(std::move(refusal));
      return;
    }
    case Verdict::malformed_path:
      answer->send(error_answer(400, "malformed_path", "A parameter of the path is not percent-encoded UTF-8 text."));
      return;
    case Verdict::foreign_page:
      answer->send(error_answer(403, "origin_not_allowed",
                                "Pages from " + data::in_quotes(origin) +
                                    " may not call this server. Its operator can allow them with --origin."));
      return;
    case Verdict::bad_key:
      answer->send(refuse_key(*match.route, decision, joined_header(request, "Authorization").has_value()));
      return;
  }
  answer->set_key(decision.key_id);
  Call call{std::move(request), std::move(match.path), {}, std::move(decision.key_id)};
  if (auto refusal = read_query(*match.route, call)) {
    answer->send(std::move(*refusal));
    return;
  }
  match.route->endpoint(std::move(call), http::Reply(std::move(answer)));
}

}  // namespace sotto::serve
