// The memory that this process needs.
#pragma once

#include <cstdint>

namespace sotto::app {

// The largest resident memory of this process since it began, in bytes.
[[nodiscard]] std::uint64_t peak_memory_bytes() noexcept;

}  // namespace sotto::app
