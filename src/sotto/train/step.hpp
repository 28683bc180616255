// What one optimizer step asks of one shard, and the room's rates of dropout: plain data that all tiers share.
#pragma once

#include <sotto/train/loss.hpp>

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

  Loss loss = Loss::cross_entropy;

  // Of a binary head, which has no targets: from the state after its last step each lane takes `candidates` single
  // steps, one with each candidate, and is asked about it. C = lanes · candidates; a lane's are side by side.
  std::size_t candidates = 0;
  const std::uint8_t* candidate_starts = nullptr;  // [C]: all 0
  const std::uint32_t* candidate = nullptr;        // [C]
  const std::uint32_t* candidate_row = nullptr;    // [C]: its row in the gradient
  const float* label = nullptr;                    // [C]: 0 or 1
  const float* candidate_weight = nullptr;         // [C]: of the loss; 0 where nothing is asked

  // Shared by all shards; full softmax when there are no negatives. The logs of expected counts are 0 but for sampled
  // softmax.
  std::size_t negatives = 0;  // N
  const std::uint32_t* negative = nullptr;  // [N]
  const std::uint32_t* negative_row = nullptr;
  const float* negative_log_count = nullptr;  // [N]
  const float* target_log_count = nullptr;  // [P]
};

struct Dropout {
  double input = 0;  // of embedding values
  double output = 0;  // of every layer's hidden values on their way up, not through time
};

}  // namespace sotto::train
