// The target of a request: its path and its query, and their percent-encoding (RFC 3986).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/http/message.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sotto::http {

struct Target {
  std::string path;  // begins with '/', or is "*" for OPTIONS
  std::string query;  // without '?'
};

// Splits "/path?query", "http://host/path?query" or, for OPTIONS, "*". Both parts stay encoded. Fails with malformed
// for every other form and for a fragment.
[[nodiscard]] Result<Target> split_target(std::string_view method, std::string_view target);

// Decodes one segment of a path. Fails with malformed for a bad escape, %00 or bytes that are not UTF-8.
[[nodiscard]] Result<std::string> decode_segment(std::string_view text);

// The segment as it stands in a path: all but the unreserved characters become %XX.
[[nodiscard]] std::string encode_segment(std::string_view text);

// The parameters of a query in their order, decoded; '+' is a space. A parameter without '=' has an empty value. Fails
// as decode_segment does, and with malformed for an empty name.
[[nodiscard]] Result<std::vector<Header>> parse_query(std::string_view query);

// Whether these bytes are UTF-8 without surrogates and overlong forms.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

}  // namespace sotto::http
