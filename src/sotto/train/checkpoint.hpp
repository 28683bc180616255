// A training's whole state between two steps, so that it can go on as if it had never stopped.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sotto::train {

struct Checkpoint {
  // What the training is of: another log, seed or setting is refused.
  std::uint64_t log_fingerprint = 0;
  std::uint64_t seed = 0;
  std::string settings;  // settings_json()

  // Where it stands.
  std::uint64_t epoch = 0;         // under way, from 1
  std::uint64_t next_batch = 0;    // of that epoch
  std::uint64_t step = 0;          // optimizer steps done
  std::uint64_t epochs_without_gain = 0;
  std::uint64_t kept_epoch = 0;    // that the kept weights are of; 0: none yet
  std::uint64_t events_done = 0;   // of the epoch
  double loss_sum = 0;             // over those
  double best_validation = 0;
  double beta1_power = 1;
  double beta2_power = 1;

  std::vector<float> parameters, first_moment, second_moment, average, kept;
  std::vector<float> carried;  // the shards' LSTM states, one after the other
};

// As a safetensors file with a checksum. Reading refuses, by name, what is no checkpoint or is damaged.
[[nodiscard]] std::vector<std::byte> serialize(const Checkpoint& checkpoint);
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::span<const std::byte> bytes);

}  // namespace sotto::train
