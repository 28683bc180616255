// What this run has needed at most.
#pragma once

#include <cstdint>

namespace sotto::cli {

// The largest resident memory of this process since it began, in bytes.
[[nodiscard]] std::uint64_t peak_memory_bytes() noexcept;

}  // namespace sotto::cli
