#include <sotto/http/target.hpp>
#include <sotto/http/text.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace sotto::http {

namespace {

Error malformed_target(std::string detail) { return {ErrorCode::malformed, std::move(detail)}; }

enum class Plus { is_itself, is_space };

Result<std::string> decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == Plus::is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) return malformed_target("'%' without two hexadecimal digits after it");
      if (high == 0 && low == 0) return malformed_target("%00 is not allowed");
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (decoded.find('\0') != std::string::npos) return malformed_target("a zero byte is not allowed");
  if (!is_valid_utf8(decoded)) return malformed_target("the decoded bytes are not UTF-8");
  return decoded;
}

// The path and the query of "http://host:port/path?query".
Result<std::string_view> without_authority(std::string_view target) {
  const std::size_t scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos) return malformed_target("the target is neither a path nor a URL");
  const std::string_view scheme = target.substr(0, scheme_end);
  if (!equal_in_any_case(scheme, "http") && !equal_in_any_case(scheme, "https")) {
    return malformed_target("the target's scheme is neither http nor https");
  }
  const std::string_view rest = target.substr(scheme_end + 3);
  const std::size_t host_end = rest.find_first_of("/?");
  const std::string_view host = rest.substr(0, host_end);
  if (host.empty() || host.find('@') != std::string_view::npos) return malformed_target("the target has no plain host");
  return host_end == std::string_view::npos ? std::string_view() : rest.substr(host_end);
}

}  // namespace

Result<Target> split_target(std::string_view method, std::string_view target) {
  if (target.find('#') != std::string_view::npos) return malformed_target("the target has a fragment");
  if (target == "*") {
    if (method != "OPTIONS") return malformed_target("the target '*' is for OPTIONS only");
    return Target{"*", ""};
  }
  if (!target.starts_with('/')) {
    auto rest = without_authority(target);
    if (!rest) return rest.error();
    target = *rest;
  }
  const std::size_t question = target.find('?');
  Target parts;
  parts.path = target.substr(0, question);
  if (parts.path.empty()) parts.path = "/";  // a URL such as http://host?query
  if (question != std::string_view::npos) parts.query = target.substr(question + 1);
  return parts;
}

Result<std::string> decode_segment(std::string_view text) { return decode(text, Plus::is_itself); }

std::string encode_segment(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool is_unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                               std::string_view("-._~").find(c) != std::string_view::npos;
    if (is_unreserved) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4];
    encoded += digits[byte & 15];
  }
  return encoded;
}

Result<std::vector<Header>> parse_query(std::string_view query) {
  std::vector<Header> parameters;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    auto name = decode(part.substr(0, equals), Plus::is_space);
    if (!name) return name.error();
    if (name->empty()) return malformed_target("a parameter of the query has no name");
    auto value =
        decode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1), Plus::is_space);
    if (!value) return value.error();
    parameters.push_back({std::move(name).value(), std::move(value).value()});
  }
  return parameters;
}

bool is_valid_utf8(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto first = static_cast<std::uint8_t>(text[i++]);
    if (first < 0x80) continue;
    std::size_t more = 0;
    // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
      more = 1;
    } else if (first >= 0xe0 && first <= 0xef) {
      more = 2;
      if (first == 0xe0) low = 0xa0;
      if (first == 0xed) high = 0x9f;
    } else if (first >= 0xf0 && first <= 0xf4) {
      more = 3;
      if (first == 0xf0) low = 0x90;
      if (first == 0xf4) high = 0x8f;
    } else {
      return false;
    }
    for (; more > 0; --more) {
      if (i == text.size()) return false;
      const auto next = static_cast<std::uint8_t>(text[i++]);
      if (next < low || next > high) return false;
      low = 0x80;
      high = 0xbf;
    }
  }
  return true;
}

}  // namespace sotto::http
