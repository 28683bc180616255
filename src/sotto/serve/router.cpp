#include <sotto/data/text.hpp>
#include <sotto/http/target.hpp>
#include <sotto/http/text.hpp>
#include <sotto/serve/router.hpp>

#include <algorithm>
#include <utility>

namespace sotto::serve {
namespace {

bool has_control_character(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char c) { return http::is_control(c); });
}

// Takes the text up to the next slash off the front of `rest`.
std::string_view take_segment(std::string_view& rest) noexcept {
  const std::size_t slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return segment;
}

bool is_parameter(std::string_view segment) noexcept { return segment.starts_with('{') && segment.ends_with('}'); }

bool fits(std::string_view pattern, std::string_view path) noexcept {
  if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return false;
  while (!pattern.empty() || !path.empty()) {
    const std::string_view expected = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (is_parameter(expected) ? segment.empty() : expected != segment) return false;
  }
  return true;
}

// False where a parameter is malformed.
bool read_parameters(std::string_view pattern, std::string_view path, Parameters& parameters) {
  while (!pattern.empty()) {
    const std::string_view expected = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (!is_parameter(expected)) continue;
    auto value = decode_path_segment(segment);
    if (!value) return false;
    parameters.emplace(expected.substr(1, expected.size() - 2), std::move(*value));
  }
  return true;
}

}  // namespace

std::optional<std::string> decode_path_segment(std::string_view segment) {
  auto decoded = http::decode_segment(segment);
  if (!decoded || decoded->empty() || *decoded == "." || *decoded == ".." || has_control_character(*decoded)) {
    return std::nullopt;
  }
  return std::move(decoded).value();
}

std::optional<Parameters> decode_query(std::string_view query, QueryError& error) {
  auto decoded = http::parse_query(query);
  if (!decoded) {
    error = {"malformed_query", "The query is not percent-encoded UTF-8 text of the form name=value."};
    return std::nullopt;
  }
  Parameters parameters;
  for (http::Header& parameter : *decoded) {
    if (parameters.contains(parameter.name)) {
      error = {"repeated_parameter", "The query has the parameter " + data::in_quotes(parameter.name) + " twice."};
      return std::nullopt;
    }
    parameters.emplace(std::move(parameter.name), std::move(parameter.value));
  }
  return parameters;
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  const Route* get = nullptr;
  for (const Route& route : routes_) {
    if (!fits(route.pattern, path)) continue;
    match.allowed.push_back(route.method);
    if (route.method == "GET" && get == nullptr) get = &route;
    if (route.method == method && match.route == nullptr) match.route = &route;
  }
  if (match.allowed.empty()) return match;

  if (get != nullptr) match.allowed.emplace_back("HEAD");
  match.allowed.emplace_back("OPTIONS");
  std::ranges::sort(match.allowed);
  const auto repeated = std::ranges::unique(match.allowed);
  match.allowed.erase(repeated.begin(), repeated.end());

  if (match.route == nullptr && method == "HEAD") match.route = get;
  if (match.route != nullptr && !read_parameters(match.route->pattern, path, match.path)) match.is_malformed = true;
  return match;
}

}  // namespace sotto::serve
