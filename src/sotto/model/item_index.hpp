// How the engine names an item.
#pragma once

#include <cstdint>

namespace sotto {

// An item's row in the embedding and head tables, 0 … items - 1.
using ItemIndex = std::uint32_t;

}  // namespace sotto
