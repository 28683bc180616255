// What the program's exit codes mean (docs/cli.md).
#pragma once

namespace sotto::cli {

enum ExitCode : int {
  exit_ok = 0,
  exit_failure = 1,
  exit_usage = 2,
  exit_refused = 3,       // an evaluation on events that the model was trained on
  exit_interrupted = 130  // SIGINT or SIGTERM, 128 + 2 as shells have it
};

}  // namespace sotto::cli
