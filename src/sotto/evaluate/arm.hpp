// An arm is one of the rankers that an evaluation compares.
#pragma once

#include <sotto/evaluate/ranker.hpp>

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace sotto::evaluate {

// The index of an item of the log that an arm does not know.
inline constexpr ItemIndex unknown_item = std::numeric_limits<ItemIndex>::max();

// A model (also a variant or a part of one), or a baseline for comparison.
enum class ArmKind { model, baseline };

// An arm ranks all items that it knows. They may differ from the log's items.
struct Arm {
  std::string name;
  ArmKind kind = ArmKind::model;
  std::unique_ptr<Ranker> ranker = {};
  std::size_t items = 0;  // number of items that the ranker scores
  // Maps the log's item index to the ranker's, or to unknown_item. Empty if both are the same. Unknown items of a
  // history are skipped, and unknown targets are misses.
  std::vector<ItemIndex> index_of = {};
};

}  // namespace sotto::evaluate
