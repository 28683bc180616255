// A folder with a log in it, and the built program run there from the outside. $SOTTO_CLI names it.
#pragma once

#include "../data/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sotto::test {

using Json = nlohmann::json;
namespace fs = std::filesystem;

inline std::string contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

struct Finished {
  int code = -1;
  std::string out;
  std::string err;
};

// A folder with a log in it, and the program run there.
class Workplace {
 public:
  Workplace() { write(path("log.csv"), log_text("u", 120, 12)); }

  // Users who mostly walk from one item to the next of twenty.
  static std::string log_text(const std::string& user_prefix, unsigned users, unsigned events) {
    std::string text = "user_id,item_id,timestamp\n";
    unsigned random = 1;
    for (unsigned user = 0; user < users; ++user) {
      unsigned item = user;
      for (unsigned event = 0; event < events; ++event) {
        random = random * 1664525U + 1013904223U;
        item = (random >> 24) % 4 == 0 ? random >> 16 : item + 1;
        text += user_prefix + std::to_string(user) + ",item" + std::to_string(item % 20) + "," +
                std::to_string(1000 + event) + "\n";
      }
    }
    return text;
  }

  [[nodiscard]] fs::path path(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator{}));
  }

  // `input` is the file that standard input comes from, `errors` where standard error goes.
  [[nodiscard]] ::pid_t start(std::vector<std::string> arguments, const char* input = "/dev/null",
                              const char* errors = "stderr.txt") const {
    const char* program = std::getenv("SOTTO_CLI");
    REQUIRE(program != nullptr);
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const ::pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      const bool ready = ::chdir(folder_.path().c_str()) == 0 && take_input_from(input) &&
                         redirect("stdout.txt", STDOUT_FILENO) && redirect(errors, STDERR_FILENO);
      if (ready) ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    return child;
  }
  [[nodiscard]] Finished wait(::pid_t child) const {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    Finished finished{.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
                      .out = contents(path("stdout.txt")),
                      .err = contents(path("stderr.txt"))};
    fs::remove(path("stdout.txt"));
    fs::remove(path("stderr.txt"));
    return finished;
  }
  [[nodiscard]] Finished run(const std::vector<std::string>& arguments, const char* input = "/dev/null") const {
    return wait(start(arguments, input));
  }

  [[nodiscard]] Finished train(std::vector<std::string> further = {}) const {
    std::vector<std::string> arguments = {
        "train", "--interactions", "log.csv", "--out", "m.safetensors", "--epochs", "3", "--embedding-dim",
        "16",    "--hidden-dim",   "16"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return run(arguments);
  }

 private:
  static bool take_input_from(const char* file) {
    const int opened = ::open(file, O_RDONLY);
    return opened >= 0 && ::dup2(opened, STDIN_FILENO) == STDIN_FILENO;
  }
  static bool redirect(const char* file, int descriptor) {
    const int opened = ::open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    return opened >= 0 && ::dup2(opened, descriptor) == descriptor;
  }

  TemporaryFolder folder_;
};

// Exactly one JSON object and nothing else.
inline Json parse(const std::string& text) {
  Json object = Json::parse(text, nullptr, false);
  REQUIRE(object.is_object());
  return object;
}

}  // namespace sotto::test
