// Ctrl-C while `sotto evaluate` ranks, which it shows on a terminal.
#include "terminal.hpp"
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

TEST_CASE("evaluate shows how far its ranking is on a terminal, and Ctrl-C ends it there") {
  const Workplace place;
  write(place.path("log.csv"), Workplace::log_text("u", 8'000, 4));  // a ranking that takes a while
  REQUIRE(place
              .run({"train", "--interactions", "log.csv", "--out", "m.safetensors", "--epochs", "1", "--embedding-dim",
                    "8", "--hidden-dim", "8", "--no-history-term", "--count-neighbours", "2"})
              .code == 0);

  const Terminal terminal;
  const ::pid_t child = place.start({"evaluate", "--model", "m.safetensors", "--interactions", "log.csv"}, "/dev/null",
                                    terminal.far_end().c_str());
  CHECK(terminal.read_until("ranked ").find("ranked ") != std::string::npos);
  REQUIRE(::kill(child, SIGINT) == 0);
  const std::string rest = terminal.read_until("evaluation was stopped");
  CAPTURE(rest);
  const Finished finished = place.wait(child);
  CHECK(finished.code == 130);
  CHECK(finished.out.empty());
}
