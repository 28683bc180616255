#include <sotto/app/interruption.hpp>

#include <csignal>

#include <unistd.h>

namespace sotto::app {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");

void on_signal(int) {
  if (interrupted.exchange(true)) ::_exit(interrupted_status);
}

}  // namespace

const std::atomic<bool>& stop_on_interruption() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return interrupted;
}

}  // namespace sotto::app
