// What this process uses of the machine.
#pragma once

#include <cstdint>

namespace sotto::serve {

struct ProcessUsage {
  std::uint64_t resident_bytes = 0;  // now; the largest so far on systems without /proc
  double cpu_seconds = 0;  // of all threads, in user and system mode
};

[[nodiscard]] ProcessUsage process_usage() noexcept;

}  // namespace sotto::serve
