// Requests to the other aggregator, by libcurl. One thread uses a client.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace sotto::aggregate {

struct HttpAnswer {
  long status = 0;
  std::string content_type;
  sync::Bytes body;
};

struct HttpRequest {
  std::string url;
  std::string content_type;
  std::string bearer;  // the token of the header Authorization; empty: none
  sync::ByteSpan body;
};

class HttpClient {
 public:
  struct Limits {
    std::chrono::seconds connect{10};
    std::chrono::seconds whole{120};
    std::size_t answer_bytes = std::size_t{64} << 20;
  };

  HttpClient();
  explicit HttpClient(Limits limits);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Sends a POST and follows no redirect. `stops` is asked every second: true ends the request. Fails with io where no
  // whole answer came, with interrupted where it was stopped.
  [[nodiscard]] Result<HttpAnswer> post(const HttpRequest& request, bool (*stops)(void*), void* stops_context);

 private:
  struct Handle;
  Limits limits_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace sotto::aggregate
