// What private sync needs to know of a served model: its slots, and what it expects to be chosen.
#pragma once

#include <sotto/aggregate/sync_model.hpp>
#include <sotto/base/result.hpp>
#include <sotto/serve/deployment.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>

namespace sotto::serve {

// How often each item is chosen, by id.
using ItemCounts = std::unordered_map<std::string, std::uint64_t>;

// Reads lines "ITEM,COUNT"; the first line may be a heading without a number. Fails with io, and with malformed, naming
// the line.
[[nodiscard]] Result<ItemCounts> read_item_counts(const std::filesystem::path& file);

// counts: null where there are none. Then the model's list for a new user stands for what it expects. Fails as
// SlotMap::make does, with invalid_argument where no count is of an item of the model.
[[nodiscard]] Result<aggregate::SyncModel> sync_model_of(const ModelPointer& model, std::uint32_t slots,
                                                         const ItemCounts* counts);

}  // namespace sotto::serve
