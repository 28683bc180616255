// Independent random streams from one seed. A draw for one purpose never changes another purpose's numbers, and a
// step's numbers do not depend on the number of earlier draws.
#pragma once

#include <sotto/base/random.hpp>

#include <cstdint>

namespace sotto::train {

enum class Purpose : std::uint64_t {
  initial_weights = 1,
  user_order,
  dropout,
  negatives,
  validation_sample,
  id_dropout
};

// Returns a seed for the numbered stream of a purpose. It chains SplitMix-like mixing through Random's own seeding.
[[nodiscard]] inline std::uint64_t seed_of(std::uint64_t seed, Purpose purpose, std::uint64_t number) noexcept {
  const std::uint64_t of_purpose = Random(seed ^ (static_cast<std::uint64_t>(purpose) << 56)).next();
  return Random(of_purpose ^ number).next();
}

[[nodiscard]] inline Random stream_of(std::uint64_t seed, Purpose purpose, std::uint64_t number) noexcept {
  return Random(seed_of(seed, purpose, number));
}

}  // namespace sotto::train
