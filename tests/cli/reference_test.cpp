// docs/cli.md is what the program says of itself.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

TEST_CASE("docs/cli.md is written by 'sotto help --markdown'") {
  const Workplace place;
  const Finished finished = place.run({"help", "--markdown"});
  REQUIRE(finished.code == 0);
  if (finished.out.find("\n## sotto serve\n") == std::string::npos) SKIP("the page is of a build with the server");
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  INFO("docs/cli.md differs from the help; write it again with: build/release/bin/sotto help --markdown > docs/cli.md");
  const bool same = contents(fs::path(source) / "docs" / "cli.md") == finished.out;
  CHECK(same);
}

TEST_CASE("every subcommand is in the help, in the list of a wrong topic and in the reference") {
  const Workplace place;
  const std::string help = place.run({"--help"}).out;
  const std::string wrong_topic = place.run({"help", "frobnicate"}).err;
  const std::string reference = place.run({"help", "--markdown"}).out;
  for (const char* subcommand : {"check", "train", "quantize", "extend", "evaluate", "backtest", "simulate", "inspect",
                                 "bench", "import", "export", "privacy", "stream"}) {
    CAPTURE(subcommand);
    CHECK(help.find(std::string("\n  ") + subcommand + " ") != std::string::npos);
    CHECK(wrong_topic.find(subcommand) != std::string::npos);
    CHECK(reference.find(std::string("\n## sotto ") + subcommand + "\n") != std::string::npos);
  }
}
