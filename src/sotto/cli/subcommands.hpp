// The table of the subcommands: the one place that lists them.
#pragma once

#include <sotto/cli/options.hpp>

#include <functional>
#include <span>

namespace sotto::app {
class Logger;
}

namespace sotto::cli {

// Runs a subcommand whose options have been parsed; returns an ExitCode. The logger has the name "sotto NAME".
using Run = std::function<int(app::Logger&)>;

struct Subcommand {
  const char* name;
  const char* description;
  Run (*add)(Command command);  // adds the options
};

// In the order of the help.
[[nodiscard]] std::span<const Subcommand> subcommands() noexcept;

}  // namespace sotto::cli
