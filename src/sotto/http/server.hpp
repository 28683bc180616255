// An HTTP/1.1 server. A few threads serve all connections; none waits for a client.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/http/message.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sotto::http {

// Answers one request. A handler may keep it and call it from any thread. Only the first call counts; if it is dropped
// without a call, the client gets 500.
class Reply {
 public:
  class Target {
   public:
    virtual ~Target() = default;
    virtual void send(Response response) = 0;
  };
  explicit Reply(std::unique_ptr<Target> target) noexcept : target_(std::move(target)) {}
  Reply(Reply&&) noexcept = default;
  Reply& operator=(Reply&&) noexcept = default;
  ~Reply();

  void operator()(Response response);

 private:
  std::unique_ptr<Target> target_;
};

// What a handler says about a request when the headers are there, before the body is read.
struct Intake {
  std::size_t body_limit = 0;  // bytes; a longer body is refused with 413
  // False where the answer does not depend on the body. The request is then handled without a body that is too long,
  // and its connection closed, so that the client reads why rather than 413.
  bool reads_body = true;
  // Headers for answers that the server itself makes to this request, such as 429 or 503.
  std::vector<Header> headers;
};

class Handler {
 public:
  virtual ~Handler() = default;
  // Called by the threads of the server, several at a time. It must not block: longer work goes to other threads, with
  // the reply.
  virtual void handle(Request request, Reply reply) = 0;
  // Called once for each request, before handle(), on the same threads. The body is empty.
  [[nodiscard]] virtual Intake intake(const Request& head) const = 0;
};

struct TlsFiles {
  std::string certificate;  // PEM file with the chain
  std::string key;  // PEM file
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free port
  TlsFiles tls;  // plain HTTP where both are empty
  unsigned threads = 1;
  std::size_t max_connections = 10'000;  // the next one gets 503 and is closed
  std::size_t max_connections_per_client = 0;  // 0: no limit of its own
  std::size_t max_header_bytes = 16 * 1024;
  std::chrono::milliseconds header_time{10'000};  // from a request's first byte to the end of its headers
  std::chrono::milliseconds body_time{30'000};
  std::chrono::milliseconds answer_time{30'000};  // a handler that takes longer: 503
  std::chrono::milliseconds send_time{30'000};  // without progress
  std::chrono::milliseconds idle_time{60'000};  // keep-alive
  std::chrono::milliseconds stop_time{10'000};  // how long stop() lets requests finish
  double rate = 0;  // requests per second and client, a token bucket; 0: no limit. Beyond it: 429 with Retry-After
  double rate_burst = 0;
  std::vector<std::string> trusted_proxies;  // addresses whose X-Forwarded-For and X-Request-Id are believed
};

// What operators watch. All numbers only grow, but for `open`.
struct ServerFigures {
  std::atomic<std::uint64_t> open{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused_connections{0};
  std::atomic<std::uint64_t> refused_by_rate{0};
  std::atomic<std::uint64_t> malformed{0};
  std::atomic<std::uint64_t> timed_out{0};
  std::atomic<std::uint64_t> requests{0};
};

class Server {
 public:
  // Opens the port. Fails with io, naming the address, or with invalid_argument for a certificate that cannot be used.
  // The handler must outlive the server.
  [[nodiscard]] static Result<std::unique_ptr<Server>> listen(const ServerOptions& options, Handler& handler);
  virtual ~Server() = default;

  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
  // Serves until stop() has finished. Called once.
  virtual void run() = 0;
  // Takes no new connection and no new request, lets running ones finish within stop_time, then ends run(). May be
  // called from any thread.
  virtual void stop() = 0;
  [[nodiscard]] virtual const ServerFigures& figures() const noexcept = 0;
};

}  // namespace sotto::http
