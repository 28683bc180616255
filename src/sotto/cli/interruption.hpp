// Ctrl-C: the first one asks for an end, the second one ends.
#pragma once

#include <atomic>

namespace sotto::cli {

// From now on SIGINT and SIGTERM set the returned flag; the second of them ends the program at once with
// exit code 130.
[[nodiscard]] const std::atomic<bool>& stop_on_interruption();

}  // namespace sotto::cli
