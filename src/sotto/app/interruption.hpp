// Interruption by a signal: the first one asks for an orderly end, the second one ends the program at once.
#pragma once

#include <atomic>

namespace sotto::app {

// The exit status of an interrupted program: 128 + 2, as shells report SIGINT.
inline constexpr int interrupted_status = 130;

// From now on SIGINT and SIGTERM set the returned flag. The second of them ends the program at once with
// interrupted_status.
[[nodiscard]] const std::atomic<bool>& stop_on_interruption();

}  // namespace sotto::app
