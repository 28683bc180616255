// The input of one optimizer step for one shard, and the dropout rates. All tiers share this plain data.
#pragma once

#include <sotto/train/loss.hpp>

#include <cstddef>
#include <cstdint>

namespace sotto::train {

// A window of consecutive positions in each of the shard's lanes. Rows are positions in time-major order: row = step ·
// lanes + lane. P = steps · lanes.
struct ShardStep {
  std::size_t steps = 0;
  std::size_t lanes = 0;
  const std::uint8_t* starts = nullptr;      // [P]: 1 at a user's first event
  const std::uint32_t* input = nullptr;      // [P]: item seen
  const std::uint32_t* input_row = nullptr;  // [P]: its row in the gradient
  const std::uint32_t* target = nullptr;     // [P]: next item
  const std::uint32_t* target_row = nullptr;
  const float* weight = nullptr;  // [P]: weight of the position's loss; 0 for padding at the end of the epoch
  std::uint64_t dropout_seed = 0;

  Loss loss = Loss::cross_entropy;

  // For a binary head, which has no targets. From the state after its last step, each lane takes `candidates` single
  // steps, one with each candidate, and predicts its label. C = lanes · candidates. A lane's candidates are adjacent.
  std::size_t candidates = 0;
  const std::uint8_t* candidate_starts = nullptr;  // [C]: all 0
  const std::uint32_t* candidate = nullptr;  // [C]
  const std::uint32_t* candidate_row = nullptr;  // [C]: its row in the gradient
  const float* label = nullptr;  // [C]: 0 or 1
  const float* candidate_weight = nullptr;  // [C]: weight of the loss; 0 for an entry without a candidate

  // All shards share these. Without negatives, the loss is full softmax. The logs of expected counts are 0, except for
  // sampled softmax.
  std::size_t negatives = 0;  // N
  const std::uint32_t* negative = nullptr;  // [N]
  const std::uint32_t* negative_row = nullptr;
  const float* negative_log_count = nullptr;  // [N]
  const float* target_log_count = nullptr;  // [P]
};

struct Dropout {
  double input = 0;  // rate for embedding values
  double output = 0;  // rate for every layer's output hidden values, not for those through time
};

}  // namespace sotto::train
