// Which request goes where: paths with parameters, the scope that each needs, and the longest body that it takes.
#pragma once

#include <sotto/http/message.hpp>
#include <sotto/http/server.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::serve {

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
};

// Built once before the server runs, then only read.
class Router {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }

  struct Match {
    const Route* route = nullptr;  // null: no such path, or not with this method
    std::map<std::string, std::string, std::less<>> path;
    std::vector<std::string> allowed;  // methods of this path, for 405 and OPTIONS
  };
  [[nodiscard]] Match match(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace sotto::serve
