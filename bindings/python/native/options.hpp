// Options as the command line has them: Python hands over its words.
#pragma once

#include "failure.hpp"

#include <sotto/cli/program.hpp>

#include <string>
#include <utility>
#include <vector>

namespace sotto::python {

// cli::TrainOptions or cli::EvaluateOptions. Throws a Failure for words that the command line would refuse.
template <class Options>
class ParsedOptions {
 public:
  ParsedOptions(const std::string& subcommand, std::vector<std::string> words)
      : command_(program_.add(subcommand, subcommand)) {
    options_.add_to(command_);
    words.insert(words.begin(), subcommand);
    require(program_.take(words));
  }

  // Fails where the options name a file to write that the user would miss.
  void check_files() const { require(program_.check_files()); }
  [[nodiscard]] bool force() const noexcept { return command_.force(); }
  [[nodiscard]] Options& operator*() noexcept { return options_; }
  [[nodiscard]] Options* operator->() noexcept { return &options_; }

 private:
  cli::Program program_;
  cli::Command command_;
  Options options_;
};

}  // namespace sotto::python
