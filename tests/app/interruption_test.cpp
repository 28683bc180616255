#include <sotto/app/interruption.hpp>
#include <sotto/app/peak_memory.hpp>

#include <catch2/catch_test_macros.hpp>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace sotto;

TEST_CASE("the first signal sets the flag, and the second one ends the program with status 130") {
  const ::pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto& stop = app::stop_on_interruption();
    if (stop) ::_exit(1);
    ::raise(SIGINT);
    if (!stop) ::_exit(2);
    ::raise(SIGTERM);
    ::_exit(3);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == app::interrupted_status);
}

TEST_CASE("the peak of this process's memory is plausible") {
  CHECK(app::peak_memory_bytes() > 1'000'000);
  CHECK(app::peak_memory_bytes() < 64'000'000'000);
}
