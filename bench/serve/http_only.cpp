// The HTTP server with a handler that answers ten items at once: what a request costs before any model is asked.
// load.sh starts it. Arguments: PORT THREADS [CERTIFICATE KEY].
#include <sotto/http/server.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>

namespace {

class TenItems final : public sotto::http::Handler {
 public:
  void handle(sotto::http::Request request, sotto::http::Reply reply) override {
    sotto::http::Response response;
    response.headers.push_back({"Content-Type", "application/json"});
    response.body = R"({"recommendations":["1","2","3","4","5","6","7","8","9","10"],"bytes":)";
    response.body += std::to_string(request.body.size()) + "}";
    reply(std::move(response));
  }
  sotto::http::Intake intake(const sotto::http::Request&) const override {
    sotto::http::Intake intake;
    intake.body_limit = 1 << 20;
    return intake;
  }
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 3 && count != 5) {
    std::fputs("usage: sotto_bench_http PORT THREADS [CERTIFICATE KEY]\n", stderr);
    return 2;
  }
  // Blocked before any thread starts, so that sigwait gets them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  sotto::http::ServerOptions options;
  options.port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
  options.threads = static_cast<unsigned>(std::atoi(arguments[2]));
  options.max_connections = 20'000;
  if (count == 5) options.tls = {arguments[3], arguments[4]};
  TenItems handler;
  auto server = sotto::http::Server::listen(options, handler);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().detail.c_str());
    return 1;
  }
  std::thread stopper([&] {
    int signal = 0;
    sigwait(&signals, &signal);
    (*server)->stop();
  });
  (*server)->run();
  stopper.join();
  return 0;
}
