// A training's whole state between two steps. A resumed training gives the same result as one that never stopped.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sotto::train {

struct Checkpoint {
  // The identity of the training. A different log, seed, setting or lineage is refused.
  std::uint64_t log_fingerprint = 0;  // with the order of users
  std::uint64_t seed = 0;
  std::string settings;  // settings_json()
  std::string lineage;

  // The position of the training.
  std::uint64_t epoch = 0;         // current epoch, from 1
  std::uint64_t next_batch = 0;    // next batch of that epoch
  std::uint64_t step = 0;          // number of finished optimizer steps
  std::uint64_t epochs_without_gain = 0;
  std::uint64_t kept_epoch = 0;    // epoch of the kept weights; 0: none yet
  std::uint64_t events_done = 0;   // finished events of the current epoch
  double loss_sum = 0;             // sum of the loss over those events
  double best_validation = 0;
  double beta1_power = 1;
  double beta2_power = 1;

  std::vector<float> parameters, first_moment, second_moment, average, kept;
  std::vector<float> carried;  // the shards' LSTM states, one after the other
};

// Writes a safetensors file with a checksum. The reader refuses other files and damaged checkpoints, each with its own
// error.
[[nodiscard]] std::vector<std::byte> serialize(const Checkpoint& checkpoint);
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::span<const std::byte> bytes);

}  // namespace sotto::train
