// A client that sends any bytes at all. Waits end after 20 s, so that a test fails instead of hanging.
#pragma once

#include <sotto/http/text.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::test {

struct RawAnswer {
  int status = 0;  // 0: the connection ended before an answer did
  std::string head;
  std::string body;

  // The header's value; no value if it is absent.
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const {
    std::size_t line = head.find("\r\n");
    while (line != std::string::npos && line + 2 < head.size()) {
      const std::size_t begin = line + 2;
      line = head.find("\r\n", begin);
      const std::string_view text = std::string_view(head).substr(begin, line - begin);
      const std::size_t colon = text.find(':');
      if (colon == std::string_view::npos) break;
      if (http::equal_in_any_case(text.substr(0, colon), name)) {
        return std::string(http::trimmed(text.substr(colon + 1)));
      }
    }
    return std::nullopt;
  }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        is_connected_(other.is_connected_),
        received_(std::move(other.received_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (socket_ >= 0) ::close(socket_);
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  [[nodiscard]] int socket() const { return socket_; }

  // Returns whether all bytes were taken.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void end_sending() { ::shutdown(socket_, SHUT_WR); }

  // Reads one answer. To HEAD there is no body.
  RawAnswer read_answer(bool has_body = true) {
    RawAnswer answer;
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return answer;
    }
    answer.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    const auto length = answer.header("Content-Length");
    const std::size_t body = has_body && length ? std::stoul(*length) : 0;
    while (received_.size() < body) {
      if (!receive()) return answer;
    }
    answer.body = received_.substr(0, body);
    received_.erase(0, body);
    answer.status = std::atoi(answer.head.c_str() + std::string_view("HTTP/1.1 ").size());
    return answer;
  }

  RawAnswer ask(std::string_view request) {
    send(request);
    return read_answer();
  }

  // Whether the server ends the connection, by an orderly end or by a reset.
  bool is_closed_by_server() {
    while (receive()) {}
    return has_ended_;
  }

 private:
  int socket_;
  bool is_connected_ = false;
  bool has_ended_ = false;
  std::string received_;

  bool receive() {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, 20'000) != 1) return false;
    char bytes[16 * 1024];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) {
      has_ended_ = true;
      return false;
    }
    received_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }
};

}  // namespace sotto::test
