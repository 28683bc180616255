// The container of encoded messages.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::sync {

using Bytes = std::vector<std::byte>;
using ByteSpan = std::span<const std::byte>;

}  // namespace sotto::sync
