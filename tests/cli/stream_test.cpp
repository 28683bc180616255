// `sotto stream --replay` from the outside.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sstream>

#include <sys/stat.h>

using namespace sotto::test;

namespace {

std::vector<Json> lines_in(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(parse(line));
  return lines;
}

const std::string good_events = R"({"user":"b","id":"item1","at":1000}
{"user":"a","id":"item2","at":1001,"kind":"purchase"}
{"user":"b","id":"item3","at":999,"event_id":"e1"}
{"user":"b","id":"item3","at":999,"event_id":"e1"}
)";

}  // namespace

TEST_CASE("sotto stream --replay writes a line for each user") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  write(place.path("events.jsonl"), good_events);
  const Finished printed = place.run({"stream", "--replay", "events.jsonl", "--model", "m.safetensors", "--top", "3"});
  REQUIRE(printed.code == 0);
  const auto users = lines_in(printed.out);
  REQUIRE(users.size() == 2);
  CHECK(users[0]["user"] == "a");
  CHECK(users[0]["events"] == 1);
  CHECK(users[0]["items"].size() == 3);
  CHECK(users[1]["user"] == "b");
  CHECK(users[1]["events"] == 2);
  CHECK(users[1]["at"] == 1000);
  CHECK(printed.err.find("folded 3 events of 2 users") != std::string::npos);
  CHECK(printed.err.find("1 of them were late, 1 more were repeated and 0 are dead letters") != std::string::npos);

  // The same in a file, from standard input, with other threads.
  const std::vector<std::string> to_file = {"stream", "--replay",  "-", "--model", "m.safetensors", "--top",
                                            "3",      "--threads", "3", "--out",   "users.jsonl"};
  const Finished written = place.run(to_file, "events.jsonl");
  CHECK(written.code == 0);
  CHECK(written.out.empty());
  CHECK(contents(place.path("users.jsonl")) == printed.out);
  // Its own file is replaced.
  CHECK(place.run(to_file, "events.jsonl").code == 0);

  // A log as sotto train takes it.
  const Finished log = place.run({"stream", "--replay", "log.csv", "--model", "m.safetensors"});
  CHECK(log.code == 0);
  CHECK(lines_in(log.out).size() == 120);
  CHECK(log.err.find("folded 1440 events of 120 users") != std::string::npos);
}

TEST_CASE("sotto stream --replay sets bad records aside, or ends at the first one") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  write(place.path("events.jsonl"), good_events + "{\"user\":\"c\",\"id\":\"item999\",\"at\":1}\nnot JSON\n");
  const std::vector<std::string> command = {"stream",        "--replay", "events.jsonl", "--model",
                                            "m.safetensors", "--out",    "users.jsonl"};
  const Finished refused = place.run(command);
  CHECK(refused.code == 1);
  CHECK(refused.err.find("events.jsonl:5: unknown_item: The model has no item 'item999'.") != std::string::npos);
  CHECK(refused.err.find("--dead-letter") != std::string::npos);
  CHECK_FALSE(fs::exists(place.path("users.jsonl")));

  auto with_letters = command;
  with_letters.insert(with_letters.end(), {"--dead-letter", "dead.jsonl"});
  const Finished finished = place.run(with_letters);
  REQUIRE(finished.code == 0);
  CHECK(finished.err.find("2 are dead letters") != std::string::npos);
  CHECK(lines_in(contents(place.path("users.jsonl"))).size() == 2);
  const auto letters = lines_in(contents(place.path("dead.jsonl")));
  REQUIRE(letters.size() == 2);
  CHECK(letters[0]["line"] == 5);
  CHECK(letters[0]["reason"] == "unknown_item");
  CHECK(letters[0]["record"] == R"({"user":"c","id":"item999","at":1})");
  CHECK(letters[1]["reason"] == "bad_record");
  CHECK(letters[1]["record"] == "not JSON");
}

TEST_CASE("sotto stream --replay writes over nothing that the user has") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  write(place.path("events.jsonl"), good_events);
  write(place.path("older.jsonl"), good_events);
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"stream", "--replay", "events.jsonl", "--model", "m.safetensors"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place.run(arguments);
  };
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{"--out", "events.jsonl"},
                                             {"--out", "m.safetensors"},
                                             {"--out", "older.jsonl"},
                                             {"--dead-letter", "older.jsonl"},
                                             {"--out", "new.jsonl", "--dead-letter", "new.jsonl"}}) {
    CAPTURE(more);
    const Finished finished = with(more);
    CHECK(finished.code == 1);
    CHECK(finished.out.empty());
    CHECK_FALSE(fs::exists(place.path("new.jsonl")));
  }
  CHECK(contents(place.path("events.jsonl")) == good_events);
  CHECK(contents(place.path("older.jsonl")) == good_events);
  CHECK(with({"--top", "0"}).code == 2);
  CHECK(place.run({"stream", "--model", "m.safetensors"}).code == 2);
}

TEST_CASE("sotto stream --replay that is interrupted writes nothing") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  ::signal(SIGPIPE, SIG_IGN);  // a write to the program that ended fails instead
  REQUIRE(::mkfifo(place.path("events.fifo").c_str(), 0600) == 0);
  const ::pid_t child =
      place.start({"stream", "--replay", "-", "--model", "m.safetensors", "--out", "users.jsonl"}, "events.fifo");
  {
    // Once this is open, the program runs; once the write is through, it may be reading.
    std::ofstream events(place.path("events.fifo"));
    events << good_events << std::flush;
    ::kill(child, SIGTERM);
    for (int i = 0; i < 20'000 && events; ++i) events << good_events;
  }
  const Finished finished = place.wait(child);
  // The signal may come before the program knows of it.
  CHECK((finished.code == 130 || finished.code == -SIGTERM));
  CHECK_FALSE(fs::exists(place.path("users.jsonl")));
}
