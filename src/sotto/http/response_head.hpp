// The status line and the headers of an answer, as bytes.
#pragma once

#include <sotto/http/message.hpp>
#include <sotto/http/request_head.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sotto::http {

struct ResponseFrame {
  std::string_view date;  // as http_date gives it
  std::string_view request_id;
  bool keep_alive = true;
  bool is_http_1_0 = false;  // whose keep-alive must be said
};

// Ends with the empty line. A header whose name is no token or whose value has a control character is left out, and so
// are those that the server sets itself.
[[nodiscard]] std::string response_head(const Response& response, const ResponseFrame& frame);

// Whether an answer with this status may have a body.
[[nodiscard]] constexpr bool may_have_body(unsigned status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7), from seconds since 1970.
[[nodiscard]] std::string http_date(std::int64_t seconds);

// {"error":{"code":…,"message":…,"request_id":…}}, with these headers beside its own.
[[nodiscard]] Response error_response(const Refusal& refusal, std::string_view request_id,
                                      std::span<const Header> headers = {});

}  // namespace sotto::http
