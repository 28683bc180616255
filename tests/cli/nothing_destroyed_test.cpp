// No command writes over what it was given, or over what is of another kind.
#include "workplace.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace sotto::test;

namespace {

// A model in tests/convert/fixtures.
void copy_fixture(const std::string& name, const fs::path& to) {
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  fs::copy(fs::path(source) / "tests/convert/fixtures" / name, to, fs::copy_options::recursive);
}

// Each way in which an output can name the input `file`.
std::vector<std::string> names_of(const Workplace& place, const std::string& file) {
  const std::string name = fs::path(file).filename().string();
  const std::string linked = "link-to-" + name;
  const std::string hard = "hard-" + name;
  if (!fs::exists(place.path(linked))) {
    fs::create_symlink(file, place.path(linked));
    fs::create_hard_link(place.path(file), place.path(hard));
    fs::create_directories(place.path("folder"));
  }
  return {file, "./" + file, "folder/../" + file, place.path(file).string(), linked, hard};
}

struct Case {
  std::vector<std::string> arguments;
  std::string output;  // the option
  std::string input;   // the file
};

}  // namespace

TEST_CASE("an output that is an input is refused by every command, under every name", "[destroy]") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  write(place.path("items.csv"), "item_id,title\nitem1,First\n");
  copy_fixture("tfjs/softmax", place.path("tfjs"));
  const std::vector<Case> cases{
      {{"train", "--interactions", "log.csv", "--items", "items.csv"}, "--out", "log.csv"},
      {{"train", "--interactions", "log.csv", "--items", "items.csv"}, "--out", "items.csv"},
      {{"quantize", "--model", "m.float.safetensors", "--interactions", "log.csv"}, "--out", "m.float.safetensors"},
      {{"quantize", "--model", "m.float.safetensors", "--interactions", "log.csv"}, "--out", "log.csv"},
      {{"extend", "--model", "m.safetensors", "--items", "items.csv"}, "--out", "m.safetensors"},
      {{"extend", "--model", "m.safetensors", "--items", "items.csv"}, "--out", "items.csv"},
      {{"export", "m.float.safetensors", "--to", "safetensors-torch"}, "--out", "m.float.safetensors"},
      {{"import", "tfjs"}, "--out", "tfjs/model.json"},  // what a folder stands for, and what model.json names
      {{"import", "tfjs"}, "--out", "tfjs/group1-shard1of2.bin"},
      {{"import", "tfjs"}, "--out", "tfjs/group1-shard2of2.bin"},
      {{"import", "tfjs/model.json"}, "--out", "tfjs/group1-shard2of2.bin"},
      {{"import", "m.float.safetensors"}, "--out", "m.float.safetensors"},
      {{"evaluate", "--model", "m.safetensors", "--interactions", "log.csv"}, "--html", "m.safetensors"},
      {{"evaluate", "--model", "m.safetensors", "--interactions", "log.csv"}, "--html", "log.csv"},
      {{"evaluate", "--model", "m.safetensors", "--interactions", "log.csv"}, "--html", "m.float.safetensors"},
      {{"backtest", "--model", "m.safetensors", "--interactions", "log.csv"}, "--html", "m.safetensors"},
      {{"simulate", "--model", "m.safetensors", "--interactions", "log.csv"}, "--html", "log.csv"},
      {{"check", "--interactions", "log.csv", "--items", "items.csv"}, "--html", "log.csv"},
      {{"check", "--interactions", "log.csv", "--items", "items.csv"}, "--html", "items.csv"},
      {{"bench", "--model", "m.safetensors"}, "--html", "m.safetensors"},
  };
  for (const Case& one : cases) {
    const std::string before = contents(place.path(one.input));
    for (const std::string& name : names_of(place, one.input)) {
      for (const bool force : {false, true}) {  // --force does not allow it either
        auto arguments = one.arguments;
        arguments.insert(arguments.end(), {one.output, name});
        if (force) arguments.emplace_back("--force");
        INFO(one.arguments.front() << " " << one.output << " " << name << (force ? " --force" : ""));
        const Finished finished = place.run(arguments);
        CHECK(finished.code == 1);
        CHECK(finished.err.find(one.output + ": '" + name + "' is what ") != std::string::npos);
        CHECK(contents(place.path(one.input)) == before);
      }
    }
  }
}

TEST_CASE("a file of another kind is replaced with --force alone, and of the same kind without", "[destroy]") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  write(place.path("notes.txt"), "mine");
  write(place.path("page.html"), "<!DOCTYPE html>\n<p>mine</p>");
  const auto quantize = [&](const std::string& out) {
    return std::vector<std::string>{"quantize", "--model", "m.float.safetensors", "--interactions", "log.csv",
                                    "--out",    out};
  };
  const Finished refused = place.run(quantize("notes.txt"));
  CHECK(refused.code == 1);
  CHECK(refused.err ==
        "sotto quantize: --out: 'notes.txt' exists and holds something else, not a fixed-point model; name another "
        "file, or add --force to replace it\n");
  CHECK(contents(place.path("notes.txt")) == "mine");
  CHECK(place.run(quantize("page.html")).err.find("holds a page, not a fixed-point model") != std::string::npos);

  auto forced = quantize("notes.txt");
  forced.emplace_back("--force");
  REQUIRE(place.run(forced).code == 0);
  CHECK(contents(place.path("notes.txt")) == contents(place.path("m.safetensors")));

  REQUIRE(place.run(quantize("m.safetensors")).code == 0);  // again, without a question
  const auto check = [&](const std::string& page) {
    return place.run({"check", "--interactions", "log.csv", "--html", page});
  };
  CHECK(check("m.safetensors").err.find("holds a fixed-point model, not a page") != std::string::npos);
  CHECK(check("page.html").code == 0);
  write(place.path("empty"), "");
  CHECK(check("empty").code == 0);
}

TEST_CASE("training replaces neither the float model nor the checkpoint of another kind", "[destroy]") {
  const Workplace place;
  write(place.path("m.float.safetensors"), "mine");
  const Finished model = place.train();
  CHECK(model.code == 1);
  CHECK(model.err.find("the float model of --out: 'm.float.safetensors' exists and holds something else") !=
        std::string::npos);
  fs::remove(place.path("m.float.safetensors"));
  write(place.path("m.checkpoint"), "mine");
  const Finished checkpoint = place.train();
  CHECK(checkpoint.code == 1);
  CHECK(checkpoint.err.find("the checkpoint of --out: 'm.checkpoint' exists and holds something else") !=
        std::string::npos);
  CHECK(contents(place.path("m.checkpoint")) == "mine");
}

TEST_CASE("training removes no file of another kind, and nothing that it reads", "[destroy]") {
  const Workplace place;
  for (const std::string file : {"m.final.checkpoint", "m.safetensors.lock"}) {
    INFO(file);
    write(place.path(file), "mine");
    const Finished refused = place.train();
    CHECK(refused.code == 1);
    CHECK(refused.err.find("'" + file + "' exists and ") != std::string::npos);
    CHECK(contents(place.path(file)) == "mine");
    CHECK(place.files() == 2);  // and the log

    // The log itself under that name, with --force as well
    fs::rename(place.path("log.csv"), place.path(file));
    const std::string log = contents(place.path(file));
    for (const bool force : {false, true}) {
      std::vector<std::string> arguments{"train", "--interactions", file, "--out", "m.safetensors", "--epochs", "1"};
      if (force) arguments.emplace_back("--force");
      const Finished input = place.run(arguments);
      CHECK(input.code == 1);
      CHECK(input.err.find(": '" + file + "' is what --interactions reads") != std::string::npos);
      CHECK(contents(place.path(file)) == log);
    }
    fs::rename(place.path(file), place.path("log.csv"));
  }
}

TEST_CASE("a lock takes the place of nothing, and --force does not change that", "[destroy]") {
  const Workplace place;
  const fs::path lock = place.path("m.safetensors.lock");
  const auto is_refused = [&] {
    const Finished refused = place.train({"--force"});
    return refused.code == 1 &&
           refused.err ==
               "sotto train: 'm.safetensors.lock' exists and is not a lock of sotto, which is an empty file; move it "
               "away, or name another output\n";
  };
  write(lock, "mine");
  CHECK(is_refused());
  CHECK(contents(lock) == "mine");
  fs::remove(lock);

  write(place.path("empty"), "");
  fs::create_symlink("empty", lock);
  CHECK(is_refused());
  CHECK(fs::is_symlink(lock));
  fs::remove(lock);

  REQUIRE(::mkfifo(lock.c_str(), 0600) == 0);
  CHECK(is_refused());
  CHECK(fs::is_fifo(lock));
  fs::remove(lock);

  write(lock, "");  // what a killed training left
  CHECK(place.train().code == 0);
  CHECK_FALSE(fs::exists(lock));
}

TEST_CASE("the checkpoint of a training to m.final.safetensors is not lost to one to m.safetensors", "[destroy]") {
  const Workplace place;
  write(place.path("long.csv"), Workplace::log_text("u", 3000, 20));
  const ::pid_t child = place.start({"train", "--interactions", "long.csv", "--out", "m.final.safetensors", "--epochs",
                                     "10000", "--patience", "10000"});
  while (!fs::exists(place.path("m.final.checkpoint"))) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, SIGKILL);
  (void)place.wait(child);
  const std::string checkpoint = contents(place.path("m.final.checkpoint"));
  const Finished refused = place.train();
  CHECK(refused.code == 1);
  CHECK(refused.err.find("'m.final.checkpoint' holds an interrupted training") != std::string::npos);
  CHECK(contents(place.path("m.final.checkpoint")) == checkpoint);
}

TEST_CASE("a link stays, and what it leads to is replaced", "[destroy]") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  fs::create_directories(place.path("folder"));
  fs::create_symlink("folder/page.html", place.path("page"));  // leads to nothing yet
  for (int round = 0; round < 2; ++round) {
    REQUIRE(place.run({"check", "--interactions", "log.csv", "--html", "page"}).code == 0);
    CHECK(fs::is_symlink(place.path("page")));
    CHECK(contents(place.path("folder/page.html")).starts_with("<!DOCTYPE html>"));
  }
}

TEST_CASE("a device is written through and stays", "[destroy]") {
  const Workplace place;
  const Finished full = place.run({"check", "--interactions", "log.csv", "--html", "/dev/full"});
  CHECK(full.code == 1);
  CHECK(full.err == "sotto check: cannot write '/dev/full': No space left on device\n");
  CHECK(fs::is_character_file("/dev/full"));
  CHECK(place.run({"check", "--interactions", "log.csv", "--html", "/dev/null"}).code == 0);
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("no command that writes a model replaces a device", "[destroy]") {
  if (!fs::is_character_file("/dev/full")) SKIP("there is no /dev/full");
  const Workplace place;
  REQUIRE(place.train().code == 0);
  write(place.path("items.csv"), "item_id,title\nitem20,New\n");
  copy_fixture("tfjs/softmax", place.path("tfjs"));
  REQUIRE(place.run({"import", "tfjs", "--out", "imported.safetensors"}).code == 0);
  REQUIRE(place
              .run({"train", "--interactions", "log.csv", "--epochs", "1", "--split", "temporal", "--no-final-training",
                    "--out", "base.safetensors"})
              .code == 0);
  const std::vector<std::vector<std::string>> commands{
      {"quantize", "--model", "m.float.safetensors", "--interactions", "log.csv", "--out"},
      {"extend", "--model", "m.safetensors", "--items", "items.csv", "--out"},
      {"export", "imported.safetensors", "--to", "safetensors-torch", "--out"},
      {"import", "tfjs", "--out"},
      {"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--html"},
      {"backtest", "--model", "base.safetensors", "--interactions", "log.csv", "--html"},
      {"simulate", "--model", "base.safetensors", "--interactions", "log.csv", "--arms", "base", "--html"},
  };
  for (auto arguments : commands) {
    INFO(arguments.front());
    arguments.emplace_back("/dev/full");
    const Finished finished = place.run(arguments);
    CHECK(finished.code == 1);
    CHECK(finished.err.find("cannot write '/dev/full': No space left on device\n") != std::string::npos);
    CHECK(fs::is_character_file("/dev/full"));
  }
  // A training would put more files beside it.
  const Finished trained =
      place.run({"train", "--interactions", "log.csv", "--epochs", "1", "--out", "/dev/full", "--force"});
  CHECK(trained.code == 1);
  CHECK(trained.err.find("cannot write '/dev/full") != std::string::npos);
  CHECK(fs::is_character_file("/dev/full"));
  CHECK_FALSE(fs::exists("/dev/full.float"));
  CHECK_FALSE(fs::exists("/dev/full.lock"));
}

TEST_CASE("an interrupted training is not started again by accident", "[destroy][training-signals]") {
  const Workplace place;
  write(place.path("long.csv"), Workplace::log_text("u", 3000, 20));
  const std::vector<std::string> training = {"train",    "--interactions", "long.csv",   "--out", "m.safetensors",
                                             "--epochs", "10000",          "--patience", "10000"};
  const ::pid_t child = place.start(training);
  while (!fs::exists(place.path("m.checkpoint"))) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, SIGKILL);
  (void)place.wait(child);
  const std::string checkpoint = contents(place.path("m.checkpoint"));

  const Finished again = place.run(training);
  CHECK(again.code == 1);
  CHECK(again.err ==
        "sotto train: 'm.checkpoint' holds an interrupted training; go on with it by --resume, start again without it "
        "by --force, or name another --out\n");
  CHECK(contents(place.path("m.checkpoint")) == checkpoint);

  REQUIRE(place.train({"--force"}).code == 0);
  CHECK_FALSE(fs::exists(place.path("m.checkpoint")));
  CHECK_FALSE(fs::exists(place.path("m.safetensors.lock")));
}

TEST_CASE("a training holds the lock of each of its files", "[destroy]") {
  // "m.final.safetensors" has the checkpoint that the final training of "m.safetensors" has; "m.1" shares
  // "m.checkpoint".
  const Workplace place;
  for (const std::string file : {"m.safetensors", "m.float.safetensors", "m.checkpoint", "m.final.checkpoint"}) {
    INFO(file);
    const fs::path lock = place.path(file + ".lock");
    const int other = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    REQUIRE(other >= 0);
    REQUIRE(::flock(other, LOCK_EX | LOCK_NB) == 0);
    const Finished refused = place.train();
    CHECK(refused.code == 1);
    CHECK(refused.err.find("'" + file + "' is being written by another run of sotto") != std::string::npos);
    CHECK(place.files() == 2);  // that lock and the log
    ::close(other);
    fs::remove(lock);
  }
  CHECK(place.train().code == 0);
  CHECK(place.files() == 3);  // the log and the two models
}

TEST_CASE("two trainings do not write one model", "[destroy][training-signals]") {
  const Workplace place;
  write(place.path("long.csv"), Workplace::log_text("u", 3000, 20));
  const ::pid_t first = place.start(
      {"train", "--interactions", "long.csv", "--out", "m.safetensors", "--epochs", "10000", "--patience", "10000"},
      "/dev/null", "/dev/null");  // what the second one writes stands alone
  while (!fs::exists(place.path("m.checkpoint"))) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const Finished second = place.train({"--force"});
  CHECK(second.code == 1);
  CHECK(second.err ==
        "sotto train: 'm.safetensors' is being written by another run of sotto; wait for it, or name another file\n");
  ::kill(first, SIGINT);
  CHECK(place.wait(first).code == 130);
}
