// A request as a handler sees it, and its answer. Both are values without a connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::http {

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  std::string method;  // as it was sent, such as "GET"
  std::string path;  // the target before '?', still percent-encoded
  std::string query;  // the target after '?', still percent-encoded
  std::vector<Header> headers;  // in their order; no name or value has a control character
  std::string body;
  std::string client;  // the client's address without a port (options.hpp: trusted proxies)
  std::string id;  // the request id, of the server's making or the proxy's; in the log and in the answer's headers

  // The value of a header that occurs once, or empty. Names are compared in any case.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

// Bytes that many answers may share, such as a model file.
struct SharedBytes {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
};

struct Response {
  unsigned status = 200;
  std::vector<Header> headers;  // without Content-Length, Connection and Date, which the server adds
  std::string body;
  SharedBytes shared;  // sent in place of `body` where it has an owner
  std::string reason = {};  // why a request failed, for the log alone: it may name files or servers

  [[nodiscard]] std::size_t size() const noexcept { return shared.owner ? shared.bytes.size() : body.size(); }
};

}  // namespace sotto::http
