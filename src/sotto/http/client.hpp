// Requests to other servers, by libcurl. One thread uses a client.
#pragma once

#include <sotto/base/result.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sotto::http {

struct ClientAnswer {
  long status = 0;
  std::string content_type;
  std::vector<std::byte> body;
};

struct Post {
  std::string url;
  std::string content_type;
  std::string bearer;  // the token of the header Authorization; empty: none
  std::span<const std::byte> body;
};

class Client {
 public:
  struct Limits {
    std::chrono::seconds connect{10};
    std::chrono::seconds whole{120};  // with all redirects
    std::size_t answer_bytes = std::size_t{64} << 20;
    long redirects = 0;  // that a GET follows; a POST follows none
  };

  Client();
  explicit Client(Limits limits);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Each sends a request to an address that begins with http: or https:. `stops` is asked every second: true ends the
  // request. Fails with io where no whole answer came, with interrupted where it was stopped.
  [[nodiscard]] Result<ClientAnswer> post(const Post& request, bool (*stops)(void*), void* stops_context);
  [[nodiscard]] Result<ClientAnswer> get(const std::string& url, bool (*stops)(void*), void* stops_context);

 private:
  struct Handle;

  // Sends the request whose method and headers are set.
  [[nodiscard]] Result<ClientAnswer> perform(const std::string& url, bool (*stops)(void*), void* stops_context);

  Limits limits_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace sotto::http
