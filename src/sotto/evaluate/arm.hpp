// One of the things that an evaluation compares.
#pragma once

#include <sotto/evaluate/ranker.hpp>

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace sotto::evaluate {

// An item of the log that an arm does not know.
inline constexpr ItemIndex unknown_item = std::numeric_limits<ItemIndex>::max();

// A model, a variant or a part of one; or something that a model has to beat.
enum class ArmKind { model, baseline };

// An arm ranks all the items it knows, which need not be the log's.
struct Arm {
  std::string name;
  ArmKind kind = ArmKind::model;
  std::unique_ptr<Ranker> ranker = {};
  std::size_t items = 0;  // that the ranker scores
  // The log's item index → the ranker's, or unknown_item; empty when they are the same. Unknown items of a
  // history are passed over, unknown targets are misses.
  std::vector<ItemIndex> index_of = {};
};

}  // namespace sotto::evaluate
