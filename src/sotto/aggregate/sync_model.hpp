// What the leader must know of the model that devices have.
#pragma once

#include <sotto/sync/slot_map.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sotto::aggregate {

struct SyncModel {
  std::string name;
  std::uint64_t fingerprint = 0;
  sync::SlotMap slots;
  std::vector<double> expected;  // [slots]: the share of choices that the model expects (sync/trend_rule.hpp)
  // By the slot map's index of items, for what the operator sees. Titles may be missing.
  std::vector<std::string> item_ids;
  std::vector<std::string> item_titles{};
};

}  // namespace sotto::aggregate
