// The devices of sync_load.sh: it uploads reports at a fixed rate, whatever the server's pace, over 64 connections.
//
//   sync_sender PORT PATH CONTENT_TYPE FILE COUNT RATE
//
// FILE has COUNT reports of one size. The kernel takes them from the file to the socket, so that the sender costs the
// machine little. Prints one line of JSON: seconds, failures, p50 and p99 of a POST in milliseconds (from when it was
// due to the end of its answer), and the processor time that the sender took.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t max_connections = 64;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct Connection {
  int socket = -1;
  bool is_busy = false;
  Clock::time_point due{};
  std::size_t head_sent = 0;
  off_t at = 0;  // of the file
  std::size_t left = 0;  // bytes of the body
  std::string answer;
};

class Sender {
 public:
  Sender(std::uint16_t port, std::string head, int file, std::size_t size, std::size_t count, double rate)
      : port_(port), head_(std::move(head)), file_(file), size_(size), count_(count), rate_(rate) {}

  void run() {
    begin_ = Clock::now();
    connections_.resize(max_connections);
    for (Connection& connection : connections_) connect(connection);
    while (milliseconds_.size() + failures_ < count_) {
      give_work();
      wait_and_go_on();
    }
    seconds_ = std::chrono::duration<double>(Clock::now() - begin_).count();
  }

  void print() {
    std::sort(milliseconds_.begin(), milliseconds_.end());
    const auto at = [&](double share) {
      if (milliseconds_.empty()) return 0.0;
      const auto place = static_cast<std::size_t>(share * static_cast<double>(milliseconds_.size()));
      return milliseconds_[std::min(milliseconds_.size() - 1, place)];
    };
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    std::printf(
        "{\"seconds\": %.3f, \"failures\": %zu, \"p50\": %.2f, \"p99\": %.2f, \"max\": %.2f, \"user\": %.2f, "
        "\"system\": %.2f}\n",
        seconds_, failures_, at(0.5), at(0.99), at(1), seconds(usage.ru_utime), seconds(usage.ru_stime));
  }

 private:
  void connect(Connection& connection) {
    if (connection.socket >= 0) ::close(connection.socket);
    connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connection.socket < 0 ||
        ::connect(connection.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      fail("sync_sender: connect");
    const int on = 1;
    ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(connection.socket, F_SETFL, O_NONBLOCK);
  }

  [[nodiscard]] Clock::time_point due_at(std::size_t report) const {
    return begin_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(report) / rate_));
  }

  void give_work() {
    const auto now = Clock::now();
    // In turn, so that no connection is idle for so long that the server closes it.
    for (std::size_t n = 0; n < max_connections; ++n) {
      if (next_ >= count_ || due_at(next_) > now) return;
      Connection& connection = connections_[turn_++ % max_connections];
      if (connection.is_busy) continue;
      connection.is_busy = true;
      connection.due = due_at(next_);
      connection.head_sent = 0;
      connection.at = static_cast<off_t>(next_ * size_);
      connection.left = size_;
      connection.answer.clear();
      ++next_;
      send(connection);
    }
  }

  void wait_and_go_on() {
    std::vector<pollfd> waiting;
    for (const Connection& connection : connections_) {
      const bool sends = connection.is_busy && connection.left > 0;
      waiting.push_back({connection.is_busy ? connection.socket : -1, static_cast<short>(sends ? POLLOUT : POLLIN), 0});
    }
    const bool is_any_free =
        std::any_of(connections_.begin(), connections_.end(), [](const Connection& c) { return !c.is_busy; });
    int wait = 1000;
    if (next_ < count_ && is_any_free) {
      const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(due_at(next_) - Clock::now());
      wait = static_cast<int>(std::clamp<long>(pause.count() + 1, 0, 1000));
    }
    if (::poll(waiting.data(), waiting.size(), wait) < 0) fail("sync_sender: poll");
    for (std::size_t n = 0; n < waiting.size(); ++n) {
      if (waiting[n].revents == 0) continue;
      if (connections_[n].left > 0) {
        send(connections_[n]);
      } else {
        receive(connections_[n]);
      }
    }
  }

  void send(Connection& connection) {
    while (connection.head_sent < head_.size()) {
      const auto sent = ::send(connection.socket, head_.data() + connection.head_sent,
                               head_.size() - connection.head_sent, MSG_NOSIGNAL | MSG_MORE);
      if (sent < 0) return give_up_unless(errno == EAGAIN, connection);
      connection.head_sent += static_cast<std::size_t>(sent);
    }
    while (connection.left > 0) {
      const auto sent = ::sendfile(connection.socket, file_, &connection.at, connection.left);
      if (sent <= 0) return give_up_unless(sent < 0 && errno == EAGAIN, connection);
      connection.left -= static_cast<std::size_t>(sent);
    }
  }

  void receive(Connection& connection) {
    char bytes[4096];
    const auto count = ::recv(connection.socket, bytes, sizeof bytes, 0);
    if (count <= 0) return give_up_unless(count < 0 && errno == EAGAIN, connection);
    connection.answer.append(bytes, static_cast<std::size_t>(count));
    const std::size_t end = connection.answer.find("\r\n\r\n");
    if (end == std::string::npos) return;
    // An answer of success is empty; any other one ends the connection here.
    const std::string_view head = std::string_view(connection.answer).substr(0, end + 2);
    const bool is_good =
        head.starts_with("HTTP/1.1 200") && head.find("Content-Length: 0\r\n") != std::string_view::npos;
    if (!is_good) {
      std::fprintf(stderr, "sync_sender: %.*s\n", 200, connection.answer.c_str());
      errno = 0;
      return give_up_unless(false, connection);
    }
    milliseconds_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - connection.due).count());
    connection.is_busy = false;
  }

  void give_up_unless(bool is_waiting, Connection& connection) {
    if (is_waiting) return;
    std::fprintf(stderr, "sync_sender: a connection ended: %s\n", std::strerror(errno));
    ++failures_;
    connection.is_busy = false;
    connection.left = 0;
    connect(connection);
  }

  std::uint16_t port_;
  std::string head_;
  int file_;
  std::size_t size_;
  std::size_t count_;
  double rate_;
  Clock::time_point begin_{};
  std::vector<Connection> connections_;
  std::size_t turn_ = 0;
  std::size_t next_ = 0;
  std::size_t failures_ = 0;
  std::vector<double> milliseconds_;
  double seconds_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: sync_sender PORT PATH CONTENT_TYPE FILE COUNT RATE\n");
    return 2;
  }
  // A server that closes a connection is a failure that is counted, not the end of this program.
  std::signal(SIGPIPE, SIG_IGN);
  const int file = ::open(argv[4], O_RDONLY | O_CLOEXEC);
  struct stat facts{};
  if (file < 0 || ::fstat(file, &facts) != 0) fail("sync_sender: the file of reports");
  const std::size_t count = std::strtoull(argv[5], nullptr, 10);
  const std::size_t size = count == 0 ? 0 : static_cast<std::size_t>(facts.st_size) / count;
  std::string head = std::string("POST ") + argv[2] + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + argv[3] +
                     "\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  Sender sender(static_cast<std::uint16_t>(std::atoi(argv[1])), std::move(head), file, size, count, std::atof(argv[6]));
  sender.run();
  sender.print();
  return 0;
}
