// The engine identifies an item by its index.
#pragma once

#include <cstdint>

namespace sotto {

// The index is an item's row in the embedding and head tables, 0 … items - 1.
using ItemIndex = std::uint32_t;

}  // namespace sotto
