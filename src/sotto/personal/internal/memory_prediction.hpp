// The effect of the personal memory on a prediction. Each remembered item's probability is multiplied by a factor, and
// all probabilities are divided by their new sum. The device computes it in float. The trainer that fits the weights
// computes it in double.
#pragma once

#include <sotto/numeric/kernels.hpp>
#include <sotto/personal/internal/item_passes.hpp>
#include <sotto/personal/memory_lookup.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// The bound of the change to an item's log-odds, in both directions.
inline constexpr float max_addition = 20.0F;

// Returns the sum of an item's weights, which the memory adds to the item's log-odds. weight_of maps a place to its
// weight.
template <class Real, class WeightOf>
[[nodiscard]] Real memory_addition(const MemoryEvidence& evidence, WeightOf weight_of) noexcept {
  Real sum = 0;
  for (const std::uint16_t w : evidence.weight) sum += weight_of(w);
  return std::clamp(sum, -static_cast<Real>(max_addition), static_cast<Real>(max_addition));
}

// Returns the divisor of all probabilities after the remembered items' probabilities are multiplied by their factors.
// It has a lower bound, because rounding may make the sum negative.
template <class Real>
[[nodiscard]] Real memory_normalizer(std::span<const MemoryEvidence> evidence, std::span<const Real> factors,
                                     std::span<const float> probabilities) noexcept {
  constexpr Real min_sum = static_cast<Real>(1e-6);
  Real sum = 1;
  for (std::size_t e = 0; e < evidence.size(); ++e) {
    sum += static_cast<Real>(probabilities[evidence[e].item]) * (factors[e] - 1);
  }
  return std::max(sum, min_sum);
}

// Applies the factors and the divisor.
template <class Real>
void move_by_memory(std::span<const MemoryEvidence> evidence, std::span<const Real> factors, Real normalizer,
                    std::span<float> probabilities) noexcept {
  for (std::size_t e = 0; e < evidence.size(); ++e) {
    probabilities[evidence[e].item] *= static_cast<float>(factors[e]);
  }
  multiply(probabilities, static_cast<float>(1 / normalizer));
}

// Computes softmax(temperature · logits). scores: Q15.16 [items]. probabilities: [items, padded to float_tile], 0 in
// the padding.
void to_probabilities(const Kernels& kernels, std::span<const std::int32_t> scores, float temperature,
                      std::span<float> probabilities) noexcept;

}  // namespace sotto
