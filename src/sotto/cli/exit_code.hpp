// The meaning of the program's exit codes (docs/cli.md).
#pragma once

#include <sotto/app/interruption.hpp>

namespace sotto::cli {

enum ExitCode : int {
  exit_ok = 0,
  exit_failure = 1,
  exit_usage = 2,
  exit_refused = 3,  // an evaluation on events that the model was trained on
  exit_interrupted = app::interrupted_status
};

}  // namespace sotto::cli
