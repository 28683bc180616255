#include <sotto/http/server.hpp>

#include <sotto/base/random.hpp>
#include <sotto/http/client_address.hpp>
#include <sotto/http/connection_count.hpp>
#include <sotto/http/rate_limit.hpp>
#include <sotto/http/read_buffer.hpp>
#include <sotto/http/request_reader.hpp>
#include <sotto/http/response_head.hpp>
#include <sotto/http/text.hpp>

// GCC 12 needs <utility> before Asio 1.74.
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <exception>
#include <list>
#include <optional>
#include <random>
#include <span>
#include <thread>

namespace sotto::http {

Reply::~Reply() = default;

void Reply::operator()(Response response) {
  if (const auto target = std::move(target_)) target->send(std::move(response));
}

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
template <class T>
using Awaitable = asio::awaitable<T, Executor>;
using UseAwaitable = asio::use_awaitable_t<Executor>;

// How often deadlines are looked at, and so how late one may be noticed.
constexpr std::chrono::milliseconds sweep_interval{50};
// How long a closing connection waits for the client to read the last answer.
constexpr std::chrono::milliseconds linger_time{2'000};
constexpr std::size_t max_lingering_bytes = 1 << 20;
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::size_t max_refused_at_once = 128;
constexpr std::size_t max_limited_clients = 100'000;
constexpr std::size_t body_read_bytes = 8 * 1024;
// A body up to this length is sent with the head in one piece.
constexpr std::size_t joined_body_bytes = 4 * 1024;
constexpr std::size_t max_id_length = 64;

constexpr Refusal too_many_connections{503, "too_many_connections", "the server has as many connections as it takes"};
constexpr Refusal too_many_requests{429, "too_many_requests", "the client sends more requests than it may"};
constexpr Refusal request_too_slow{408, "request_timeout", "the request did not arrive in time"};
constexpr Refusal answer_too_slow{503, "answer_timeout", "the answer was not ready in time"};
constexpr Refusal no_answer{500, "internal_error", "the request was dropped without an answer"};

// What all threads share.
struct Shared {
  Shared(const ServerOptions& given, Handler& its_handler, TrustedProxies trusted)
      : options(given),
        handler(its_handler),
        proxies(std::move(trusted)),
        rate_limit(options.rate, options.rate_burst, max_limited_clients),
        connections(options.max_connections, options.max_connections_per_client, figures.open) {}

  const ServerOptions options;
  Handler& handler;
  ServerFigures figures;
  const TrustedProxies proxies;
  RateLimit rate_limit;
  ConnectionCount connections;
  std::atomic<std::size_t> refused_now{0};  // refused connections that still get their answer
  std::optional<asio::ssl::context> tls;
};

class Connection;

// One thread's event loop. A connection stays on its loop.
class Loop : public std::enable_shared_from_this<Loop> {
 public:
  Loop(std::shared_ptr<Shared> its_shared, std::uint64_t seed) : shared(std::move(its_shared)), random_(seed) {}
  ~Loop();

  void run() {
    watch_deadlines();
    context.run();
  }
  // On the loop's thread: idle connections are closed now, the others at `at` at the latest.
  void begin_stop(Clock::time_point at);
  void remove(std::list<Connection*>::iterator place);
  const std::string& date();
  std::string make_id() { return fmt::format("{:016x}{:016x}", random_.next(), random_.next()); }

  const std::shared_ptr<Shared> shared;
  std::list<Connection*> connections;
  bool is_stopping = false;

 private:
  void watch_deadlines();
  void sweep();

  Random random_;  // request ids are no secrets
  std::string date_;
  std::int64_t date_second_ = -1;
  Clock::time_point stop_at_{};
  bool is_gone_ = false;

 public:
  // Below what its handlers refer to, so that it is destroyed before.
  asio::io_context context{1};

 private:
  Timer timer_{context};
};

// A request that a handler has.
struct Exchange {
  std::weak_ptr<Loop> loop;
  Connection* connection = nullptr;  // while it waits for the response
  std::optional<Response> response;  // touched by the loop's thread only

  void deliver(const std::shared_ptr<Exchange>& self, Response given);
};

// The exchange whose handler this thread is calling.
thread_local const Exchange* in_handler = nullptr;

class InHandler {
 public:
  explicit InHandler(const Exchange& exchange) { in_handler = &exchange; }
  ~InHandler() { in_handler = nullptr; }
  InHandler(const InHandler&) = delete;
  InHandler& operator=(const InHandler&) = delete;
};

class ReplyTarget final : public Reply::Target {
 public:
  explicit ReplyTarget(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
  ~ReplyTarget() override {
    // The connection puts no_answer in the place of a response without a status.
    if (exchange_ != nullptr) send({0, {}, {}, {}});
  }
  void send(Response response) override {
    const auto exchange = std::exchange(exchange_, nullptr);
    exchange->deliver(exchange, std::move(response));
  }

 private:
  std::shared_ptr<Exchange> exchange_;
};

// The coroutine of a connection waits for one thing at a time: an operation of its stream or the response.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void resume() = 0;
};

template <class Completion>
class CompletionWaiter final : public Waiter {
 public:
  explicit CompletionWaiter(Completion completion) : completion_(std::move(completion)) {}
  void resume() override { std::move(completion_)(); }

 private:
  Completion completion_;
};

class Connection {
 public:
  Connection(Loop& loop, std::optional<ConnectionCount::Place> place, const Address& peer)
      : loop_(loop),
        shared_(*loop.shared),
        place_(std::move(place)),
        peer_(peer),
        is_trusted_(shared_.proxies.contains(peer)),
        received_(std::max<std::size_t>(shared_.options.max_header_bytes + 1, 2 * body_read_bytes)) {}
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  static Awaitable<void> serve(std::shared_ptr<Connection> self);

  // Called by the loop between steps of the coroutine; none of them resumes it at once.
  void check_deadline(Clock::time_point now) {
    if (now < deadline_) return;
    deadline_ = Clock::time_point::max();
    has_timed_out_ = true;
    interrupt();
  }
  void stop_if_idle() {
    if (is_idle_) interrupt();
  }
  void abort() {
    is_aborted_ = true;
    close();
    if (waits_for_response_) interrupt();
  }
  // Ends the coroutine where it stands, when the loop will never run again.
  void drop() { const auto waiter = std::move(waiter_); }

  void wake() {
    if (const auto waiter = std::move(waiter_)) waiter->resume();
  }

 protected:
  Loop& loop_;
  Shared& shared_;

  // The result of the stream's last operation.
  error_code error_;
  std::size_t count_ = 0;

  // The stream's operations. They end with finished().
  virtual bool is_tls() const noexcept = 0;
  virtual void start_handshake() = 0;
  virtual void start_read(std::span<char> to) = 0;
  virtual void start_write(std::string_view first, std::string_view second) = 0;
  virtual void start_goodbye() = 0;  // tells the client of a TLS connection that no more comes
  virtual void start_discard(std::span<char> to) = 0;  // reads below TLS
  virtual void shutdown_send() = 0;
  virtual void cancel() = 0;
  virtual void close() = 0;

  auto finished() {
    return [this](error_code error, std::size_t count = 0) {
      error_ = error;
      count_ = count;
      wake();
    };
  }

 private:
  std::optional<ConnectionCount::Place> place_;
  const Address peer_;
  const bool is_trusted_;  // the peer is a trusted proxy
  ReadBuffer received_;
  std::unique_ptr<Waiter> waiter_;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool has_timed_out_ = false;
  bool is_idle_ = false;
  bool is_aborted_ = false;
  bool waits_for_response_ = false;

  [[nodiscard]] bool has_failed() const noexcept { return error_ || has_timed_out_ || is_aborted_; }

  void interrupt() {
    if (!waits_for_response_) {
      cancel();
    } else if (waiter_ != nullptr) {
      asio::post(loop_.context, [waiter = std::move(waiter_)] { waiter->resume(); });
    }
  }

  void set_deadline(Clock::time_point at) noexcept {
    deadline_ = at;
    has_timed_out_ = false;
  }

  // Suspends the coroutine, starts what it waits for, and goes on at wake().
  template <class Start>
  auto wait_for(Start start) {
    UseAwaitable token;
    return asio::async_initiate<UseAwaitable, void()>(
        [this, start = std::move(start)](auto completion) mutable {
          waiter_ = std::make_unique<CompletionWaiter<decltype(completion)>>(std::move(completion));
          start();
        },
        token);
  }

  Awaitable<bool> serve_request();
  Awaitable<bool> respond(Response response, std::string_view id, const Framing& framing, bool without_body);
  Awaitable<bool> refuse(const Refusal& refusal, std::string_view id, bool without_body,
                         std::span<const Header> headers = {});
  Awaitable<bool> write(std::string_view first, std::string_view second);
  Awaitable<void> linger();
  Address identify(Request& request);
};

template <class Stream>
class StreamConnection final : public Connection {
 public:
  template <class... Arguments>
  StreamConnection(Loop& loop, std::optional<ConnectionCount::Place> place, const Address& peer,
                   Arguments&&... arguments)
      : Connection(loop, std::move(place), peer), stream_(std::forward<Arguments>(arguments)...) {}

 private:
  static constexpr bool has_tls = !std::is_same_v<Stream, Socket>;
  Stream stream_;

  Socket& socket() noexcept {
    if constexpr (has_tls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  bool is_tls() const noexcept override { return has_tls; }
  void start_handshake() override {
    if constexpr (has_tls) stream_.async_handshake(asio::ssl::stream_base::server, finished());
  }
  void start_read(std::span<char> to) override {
    stream_.async_read_some(asio::mutable_buffer(to.data(), to.size()), finished());
  }
  void start_write(std::string_view first, std::string_view second) override {
    const std::array<asio::const_buffer, 2> buffers{asio::const_buffer(first.data(), first.size()),
                                                    asio::const_buffer(second.data(), second.size())};
    stream_.async_write_some(buffers, finished());
  }
  void start_goodbye() override {
    if constexpr (has_tls) stream_.async_shutdown(finished());
  }
  void start_discard(std::span<char> to) override {
    socket().async_read_some(asio::mutable_buffer(to.data(), to.size()), finished());
  }
  void shutdown_send() override {
    error_code ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
  }
  void cancel() override {
    error_code ignored;
    socket().cancel(ignored);
  }
  void close() override {
    error_code ignored;
    socket().close(ignored);
  }
};

// Keeps a connection in its loop's list while its coroutine lives.
class Registration {
 public:
  Registration(Loop& loop, Connection* connection)
      : loop_(loop), place_(loop.connections.insert(loop.connections.end(), connection)) {}
  ~Registration() { loop_.remove(place_); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  Loop& loop_;
  std::list<Connection*>::iterator place_;
};

Loop::~Loop() {
  is_gone_ = true;
  const std::list<Connection*> waiting = connections;
  for (Connection* connection : waiting) connection->drop();
}

void Loop::begin_stop(Clock::time_point at) {
  is_stopping = true;
  stop_at_ = at;
  for (Connection* connection : connections) connection->stop_if_idle();
  timer_.cancel();
}

void Loop::remove(std::list<Connection*>::iterator place) {
  connections.erase(place);
  if (is_stopping && !is_gone_ && connections.empty()) timer_.cancel();
}

const std::string& Loop::date() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (second != date_second_) {
    date_ = http_date(second);
    date_second_ = second;
  }
  return date_;
}

void Loop::watch_deadlines() {
  timer_.expires_after(sweep_interval);
  timer_.async_wait([this](error_code) {
    sweep();
    if (!is_stopping || !connections.empty()) watch_deadlines();
  });
}

void Loop::sweep() {
  const Clock::time_point now = Clock::now();
  const bool must_end = is_stopping && now >= stop_at_;
  for (Connection* connection : connections) {
    if (must_end) {
      connection->abort();
    } else {
      connection->check_deadline(now);
    }
  }
}

void Exchange::deliver(const std::shared_ptr<Exchange>& self, Response given) {
  if (in_handler == this) {
    response = std::move(given);
    return;
  }
  const auto its_loop = loop.lock();
  if (its_loop == nullptr) return;
  asio::post(its_loop->context, [self, given = std::move(given)]() mutable {
    if (self->connection == nullptr) return;  // it came too late
    self->response = std::move(given);
    self->connection->wake();
  });
}

Awaitable<void> Connection::serve(std::shared_ptr<Connection> self) {
  const Registration registration(self->loop_, self.get());
  if (!self->place_) {
    co_await self->refuse(too_many_connections, self->loop_.make_id(), false);
    --self->shared_.refused_now;
    co_return;
  }
  if (self->is_tls()) {
    self->set_deadline(Clock::now() + self->shared_.options.header_time);
    co_await self->wait_for([&] { self->start_handshake(); });
    if (self->has_failed()) {
      ++(self->has_timed_out_ ? self->shared_.figures.timed_out : self->shared_.figures.malformed);
      co_return;
    }
  }
  while (true) {
    const bool goes_on = co_await self->serve_request();
    if (!goes_on) co_return;
  }
}

// Sets the request's client and id. Returns the client.
Address Connection::identify(Request& request) {
  const Address client = shared_.proxies.client_of(peer_, request.headers);
  request.client = to_text(client);
  const std::string_view given = is_trusted_ ? request.header("X-Request-Id") : std::string_view();
  if (!given.empty() && given.size() <= max_id_length && std::all_of(given.begin(), given.end(), is_visible)) {
    request.id = given;
  } else {
    request.id = loop_.make_id();
  }
  return client;
}

// Returns whether the connection is kept for another request.
Awaitable<bool> Connection::serve_request() {
  const ServerOptions& options = shared_.options;
  RequestReader reader(options.max_header_bytes);
  received_.shrink();

  Clock::time_point latest = Clock::now() + options.idle_time;
  bool has_begun = false;
  while (true) {
    const auto [step, used] = reader.read(received_.bytes());
    received_.use(used);
    if (step == RequestReader::Step::refused) {
      ++shared_.figures.malformed;
      co_return co_await refuse(reader.refusal(), loop_.make_id(), false);
    }
    if (step == RequestReader::Step::head) break;
    if (!has_begun && reader.has_begun()) {
      has_begun = true;
      latest = Clock::now() + options.header_time;
    }
    if (!has_begun && loop_.is_stopping) co_return false;
    is_idle_ = !has_begun;
    set_deadline(latest);
    co_await wait_for([this] { start_read(received_.space(1)); });
    is_idle_ = false;
    if (has_timed_out_ && !is_aborted_) {
      if (!has_begun) co_return false;
      ++shared_.figures.timed_out;
      co_return co_await refuse(request_too_slow, loop_.make_id(), false);
    }
    if (has_failed()) co_return false;
    received_.add(count_);
  }

  Request& request = reader.request();
  Framing framing = reader.framing();
  const bool without_body = request.method == "HEAD";
  const Address client = identify(request);
  const std::string id = request.id;
  const Intake intake = shared_.handler.intake(request);
  if (options.rate > 0) {
    if (const unsigned seconds = shared_.rate_limit.take(network_of(client), Clock::now()); seconds > 0) {
      ++shared_.figures.refused_by_rate;
      if (framing.body != Framing::Body::none) {
        co_return co_await refuse(too_many_requests, id, without_body, intake.headers);
      }
      Response response = error_response(too_many_requests, id, intake.headers);
      response.headers.push_back({"Retry-After", std::to_string(seconds)});
      co_return co_await respond(std::move(response), id, framing, without_body);
    }
  }

  reader.limit_body(intake.body_limit);
  latest = Clock::now() + options.body_time;
  bool must_say_continue = framing.expects_continue;
  while (true) {
    const auto [step, used] = reader.read(received_.bytes());
    received_.use(used);
    if (step == RequestReader::Step::refused) {
      const bool is_too_long = reader.refusal().status == body_too_large.status;
      if (is_too_long && !intake.reads_body) {
        framing.keep_alive = false;
        request.body.clear();
        break;
      }
      if (!is_too_long) ++shared_.figures.malformed;
      co_return co_await refuse(reader.refusal(), id, without_body, intake.headers);
    }
    if (step == RequestReader::Step::complete) break;
    if (must_say_continue && received_.bytes().empty()) {
      const bool was_sent = co_await write("HTTP/1.1 100 Continue\r\n\r\n", {});
      if (!was_sent) co_return false;
    }
    must_say_continue = false;
    set_deadline(latest);
    co_await wait_for([this] { start_read(received_.space(body_read_bytes)); });
    if (has_timed_out_ && !is_aborted_) {
      ++shared_.figures.timed_out;
      co_return co_await refuse(request_too_slow, id, without_body, intake.headers);
    }
    if (has_failed()) co_return false;
    received_.add(count_);
  }

  ++shared_.figures.requests;
  const auto exchange = std::make_shared<Exchange>();
  exchange->loop = loop_.weak_from_this();
  {
    const InHandler scope(*exchange);
    shared_.handler.handle(std::move(request), Reply(std::make_unique<ReplyTarget>(exchange)));
  }
  if (!exchange->response) {
    exchange->connection = this;
    waits_for_response_ = true;
    set_deadline(Clock::now() + options.answer_time);
    co_await wait_for([] {});
    waits_for_response_ = false;
    exchange->connection = nullptr;
    if (is_aborted_) co_return false;
    if (!exchange->response) {
      ++shared_.figures.timed_out;
      co_return co_await refuse(answer_too_slow, id, without_body, intake.headers);
    }
  }
  Response response = *std::move(exchange->response);
  if (response.status < 200 || response.status > 599) {
    response = error_response(no_answer, id, intake.headers);
  }
  co_return co_await respond(std::move(response), id, framing, without_body);
}

// Returns whether the connection is kept.
Awaitable<bool> Connection::respond(Response response, std::string_view id, const Framing& framing, bool without_body) {
  const bool keep_alive = framing.keep_alive && !loop_.is_stopping;
  std::string head = response_head(response, {loop_.date(), id, keep_alive, framing.is_http_1_0});
  std::string_view body = response.body;
  if (response.shared.owner) {
    body = {reinterpret_cast<const char*>(response.shared.bytes.data()), response.shared.bytes.size()};
  }
  if (without_body || !may_have_body(response.status)) body = {};
  if (body.size() <= joined_body_bytes) {
    head.append(body);
    body = {};
  }
  const bool was_sent = co_await write(head, body);
  if (!was_sent) co_return false;
  if (!keep_alive) co_await linger();
  co_return keep_alive;
}

// Answers a request that may not have been read to its end, and so closes the connection. Returns false.
Awaitable<bool> Connection::refuse(const Refusal& refusal, std::string_view id, bool without_body,
                                   std::span<const Header> headers) {
  Response response = error_response(refusal, id, headers);
  if (refusal.status == 429 || refusal.status == 503) response.headers.push_back({"Retry-After", "1"});
  Framing framing;
  framing.keep_alive = false;
  co_return co_await respond(std::move(response), id, framing, without_body);
}

Awaitable<bool> Connection::write(std::string_view first, std::string_view second) {
  while (!first.empty() || !second.empty()) {
    set_deadline(Clock::now() + shared_.options.send_time);
    co_await wait_for([&] { start_write(first, second); });
    if (has_timed_out_) ++shared_.figures.timed_out;
    if (has_failed()) co_return false;
    const std::size_t of_first = std::min(count_, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(count_ - of_first);
  }
  co_return true;
}

// Reads what the client still sends. If the socket were closed over unread bytes, the kernel would reset the
// connection, and the client might lose the answer.
Awaitable<void> Connection::linger() {
  set_deadline(Clock::now() + (loop_.is_stopping ? sweep_interval : linger_time));
  is_idle_ = true;  // stop() need not wait for it
  if (is_tls()) {
    co_await wait_for([this] { start_goodbye(); });
    if (has_timed_out_ || is_aborted_) co_return;
  }
  shutdown_send();
  received_.use(received_.bytes().size());
  for (std::size_t discarded = 0; discarded < max_lingering_bytes; discarded += count_) {
    co_await wait_for([this] { start_discard(received_.space(1)); });
    if (has_failed()) co_return;
  }
}

Error io_error(const ServerOptions& options, const error_code& error) {
  return {ErrorCode::io,
          fmt::format("cannot listen on {} port {}: {}", options.address, options.port, error.message())};
}

Result<asio::ssl::context> open_tls(const TlsFiles& files) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(
      native,
      [](SSL*, const unsigned char** chosen, unsigned char* chosen_length, const unsigned char* offered,
         unsigned offered_length, void*) {
        static constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
        unsigned char* protocol = nullptr;
        if (SSL_select_next_proto(&protocol, chosen_length, http_1_1, sizeof http_1_1, offered, offered_length) !=
            OPENSSL_NPN_NEGOTIATED) {
          return SSL_TLSEXT_ERR_ALERT_FATAL;
        }
        *chosen = protocol;
        return SSL_TLSEXT_ERR_OK;
      },
      nullptr);
  error_code error;
  context.use_certificate_chain_file(files.certificate, error);
  if (error) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("certificate '{}' cannot be used: {}", files.certificate, error.message())};
  }
  context.use_private_key_file(files.key, asio::ssl::context::pem, error);
  if (error) {
    return Error{ErrorCode::invalid_argument, fmt::format("key '{}' cannot be used: {}", files.key, error.message())};
  }
  if (SSL_CTX_check_private_key(native) != 1) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("key '{}' does not belong to certificate '{}'", files.key, files.certificate)};
  }
  return context;
}

// A connection takes a file descriptor, and the usual soft limit is 1,024.
void raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

class AsioServer final : public Server {
 public:
  AsioServer(std::shared_ptr<Shared> shared, std::vector<std::shared_ptr<Loop>> loops)
      : shared_(std::move(shared)), loops_(std::move(loops)) {}

  Status open() {
    const ServerOptions& options = shared_->options;
    const auto address = parse_address(options.address == "localhost" ? "127.0.0.1" : options.address);
    error_code error;
    if (!address) return io_error(options, asio::error::invalid_argument);
    const Tcp::endpoint endpoint(asio::ip::make_address(to_text(*address), error), options.port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) return io_error(options, error);
    return Ok{};
  }

  std::uint16_t port() const noexcept override { return port_; }
  const ServerFigures& figures() const noexcept override { return shared_->figures; }

  void run() override {
    accept_next();
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < loops_.size(); ++i) threads.emplace_back([this, i] { loops_[i]->run(); });
    loops_[0]->run();
    for (std::thread& thread : threads) thread.join();
  }

  void stop() override {
    const Clock::time_point at = Clock::now() + shared_->options.stop_time;
    asio::post(loops_[0]->context, [this, at] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
      for (const auto& loop : loops_) {
        asio::post(loop->context, [loop = loop.get(), at] {
          if (!loop->is_stopping) loop->begin_stop(at);
        });
      }
    });
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::vector<std::shared_ptr<Loop>> loops_;
  Acceptor acceptor_{loops_[0]->context};
  Timer pause_{loops_[0]->context};  // after an accept that failed
  std::uint16_t port_ = 0;
  std::size_t next_loop_ = 0;

  void accept_next() {
    Loop& loop = *loops_[next_loop_++ % loops_.size()];
    acceptor_.async_accept(loop.context, [this, &loop](error_code error, Socket socket) {
      if (!acceptor_.is_open()) return;
      if (!error) {
        ++shared_->figures.accepted;
        serve(loop, std::move(socket));
      } else if (error != asio::error::connection_aborted) {
        // No file descriptor or no memory is left, and soon there will be again.
        pause_.expires_after(accept_pause);
        pause_.async_wait([this](error_code) {
          if (acceptor_.is_open()) accept_next();
        });
        return;
      }
      accept_next();
    });
  }

  void serve(Loop& loop, Socket socket) {
    error_code error;
    const Tcp::endpoint remote = socket.remote_endpoint(error);
    if (error) return;
    socket.set_option(Tcp::no_delay(true), error);
    const auto address = parse_address(remote.address().to_string());
    const Address peer = address.value_or(Address{});
    auto place =
        shared_->connections.enter(shared_->proxies.contains(peer) ? std::nullopt : std::optional(network_of(peer)));
    if (!place) {
      ++shared_->figures.refused_connections;
      // Who is refused costs little: a TLS handshake is not made for it.
      if (shared_->tls || shared_->refused_now >= max_refused_at_once) return;
      ++shared_->refused_now;
    }
    std::shared_ptr<Connection> connection;
    if (shared_->tls) {
      connection =
          std::make_shared<StreamConnection<TlsStream>>(loop, std::move(place), peer, std::move(socket), *shared_->tls);
    } else {
      connection = std::make_shared<StreamConnection<Socket>>(loop, std::move(place), peer, std::move(socket));
    }
    // An exception (no memory) has ended the connection by then.
    asio::co_spawn(loop.context, Connection::serve(std::move(connection)), [](const std::exception_ptr&) {});
  }
};

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(const ServerOptions& options, Handler& handler) {
  auto proxies = TrustedProxies::parse(options.trusted_proxies);
  if (!proxies) return proxies.error();
  raise_descriptor_limit();
  try {
    const auto shared = std::make_shared<Shared>(options, handler, std::move(proxies).value());
    if (!options.tls.certificate.empty() || !options.tls.key.empty()) {
      auto tls = open_tls(options.tls);
      if (!tls) return tls.error();
      shared->tls.emplace(std::move(tls).value());
    }
    std::random_device entropy;
    std::vector<std::shared_ptr<Loop>> loops;
    for (unsigned i = 0; i < std::max(options.threads, 1U); ++i) {
      loops.push_back(std::make_shared<Loop>(shared, std::uint64_t{entropy()} << 32U | entropy()));
    }
    auto server = std::make_unique<AsioServer>(shared, std::move(loops));
    if (auto opened = server->open(); !opened) return opened.error();
    return std::unique_ptr<Server>(std::move(server));
  } catch (const std::exception& exception) {
    return Error{ErrorCode::io,
                 fmt::format("cannot listen on {} port {}: {}", options.address, options.port, exception.what())};
  }
}

}  // namespace sotto::http
