// Independent random streams from one seed: what is drawn for one purpose never shifts another's numbers,
// and a step's numbers do not depend on how many were drawn before it.
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

// A seed for the numbered stream of a purpose: chained SplitMix-like mixing through Random's own seeding.
[[nodiscard]] inline std::uint64_t seed_of(std::uint64_t seed, Purpose purpose, std::uint64_t number) noexcept {
  const std::uint64_t of_purpose = Random(seed ^ (static_cast<std::uint64_t>(purpose) << 56)).next();
  return Random(of_purpose ^ number).next();
}

[[nodiscard]] inline Random stream_of(std::uint64_t seed, Purpose purpose, std::uint64_t number) noexcept {
  return Random(seed_of(seed, purpose, number));
}

}  // namespace sotto::train
