// Which request goes where: paths with parameters, the scope that each needs, and the longest body that it takes.
#pragma once

#include <sotto/http/message.hpp>
#include <sotto/http/server.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::serve {

using Parameters = std::map<std::string, std::string, std::less<>>;

// What an API key may be allowed to do. `open` needs no key.
enum class Scope { open, recommend, events, admin };

// A request that has passed the door: its route is known and its key is good.
struct Call {
  http::Request request;
  std::map<std::string, std::string, std::less<>> path;  // parameters of the path, decoded; valid UTF-8
  std::map<std::string, std::string, std::less<>> query;  // parameters of the query, decoded; each occurs once
  std::string key_id;  // the API key's public id; empty without one
};

// Runs on the server's threads and must not block (http/server.hpp).
using Endpoint = std::function<void(Call, http::Reply)>;

struct Route {
  std::string method;
  std::string pattern;  // "/v1/users/{id}/state"
  Scope scope = Scope::open;
  std::size_t body_limit = 0;  // in bytes
  Endpoint endpoint;
  std::vector<std::string> query;  // parameters that it knows; others are refused by name
  // Says by path and headers whether the body is worth reading. The endpoint refuses other requests in its own words,
  // without a long body. Empty: every one is. It must not block.
  std::function<bool(const http::Request& head, const Parameters& path)> reads_body{};
};

// Percent-decodes a parameter of a path. Nothing comes back for a bad escape, for an empty text, for bytes that are not
// UTF-8, for control characters, and for "." and "..", which a proxy may resolve (RFC 3986, 5.2.4). An encoded slash is
// a part of the parameter.
[[nodiscard]] std::optional<std::string> decode_path_segment(std::string_view segment);

struct QueryError {
  std::string code;  // "malformed_query", "repeated_parameter"
  std::string message;
};
// Decodes "a=1&b=x%20y" (http::parse_query). Fills in `error` and returns nothing where a name occurs twice or a part
// is malformed.
[[nodiscard]] std::optional<Parameters> decode_query(std::string_view query, QueryError& error);

// Built once before the server runs, then only read.
class Router {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }
  [[nodiscard]] const std::vector<Route>& routes() const noexcept { return routes_; }

  struct Match {
    const Route* route = nullptr;  // null: no such path, or not with this method
    std::map<std::string, std::string, std::less<>> path;
    std::vector<std::string> allowed;  // methods of this path in their order in the alphabet, for 405 and OPTIONS
    bool is_malformed = false;  // the path is known, but a parameter is not what decode_path_segment accepts
  };
  // HEAD is answered by the path's GET. Where several patterns fit, the first that was added counts. Literal segments
  // of a pattern fit only what is written in the same characters, without percent-encoding.
  [[nodiscard]] Match match(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace sotto::serve
