#include <sotto/data/text.hpp>
#include <sotto/serve/router.hpp>

#include <algorithm>
#include <utility>

namespace sotto::serve {
namespace {

int hex_digit_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Nothing for a bad escape, a control character, or bytes that are not UTF-8.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit_value(text[i + 1]);
      const int low = hex_digit_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return std::nullopt;
    decoded += c;
  }
  if (!data::is_utf8(decoded)) return std::nullopt;
  return decoded;
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
  auto decoded = percent_decoded(segment, false);
  if (decoded && (decoded->empty() || *decoded == "." || *decoded == "..")) return std::nullopt;
  return decoded;
}

std::optional<Parameters> decode_query(std::string_view query, QueryError& error) {
  Parameters parameters;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view part = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (part.empty()) continue;

    const std::size_t equals = part.find('=');
    auto name = percent_decoded(part.substr(0, equals), true);
    auto value = percent_decoded(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1), true);
    if (!name || !value || name->empty()) {
      error = {"malformed_query", "The query is not percent-encoded UTF-8 text of the form name=value."};
      return std::nullopt;
    }
    if (parameters.contains(*name)) {
      error = {"repeated_parameter", "The query has the parameter " + data::in_quotes(*name) + " more than once."};
      return std::nullopt;
    }
    parameters.emplace(std::move(*name), std::move(*value));
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
