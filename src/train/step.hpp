// What one optimiser step asks of one shard, and the room's rates of dropout: plain data that all tiers share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sotto::train {

// A window of consecutive positions in each of the shard's lanes. Rows are positions in time-major order,
// row = step · lanes + lane; P = steps · lanes.
struct ShardStep {
  std::size_t steps = 0;
  std::size_t lanes = 0;
  const std::uint8_t* starts = nullptr;      // [P]: 1 at a user's first event
  const std::uint32_t* input = nullptr;      // [P]: item seen
  const std::uint32_t* input_row = nullptr;  // [P]: its row in the gradient
  const std::uint32_t* target = nullptr;     // [P]: item that followed
  const std::uint32_t* target_row = nullptr;
  const float* weight = nullptr;  // [P]: of the position's loss; 0 for padding at the end of the epoch
  std::uint64_t dropout_seed = 0;

  // Sampled softmax; full softmax when there are no negatives.
  std::size_t negatives = 0;                  // N, shared by all shards
  const std::uint32_t* negative = nullptr;    // [N]
  const std::uint32_t* negative_row = nullptr;
  const float* negative_log_count = nullptr;  // [N]
  const float* target_log_count = nullptr;    // [P]
};

struct Dropout {
  double input = 0;   // of embedding values
  double output = 0;  // of every layer's hidden values on their way up, not through time
};

}  // namespace sotto::train
