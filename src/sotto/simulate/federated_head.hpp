// The arm "federated_head": federated averaging of an addition to all rows and biases of the head, in plaintext and
// without noise. Each round, each device sends the mean gradient of its choices, so that devices have equal weights
// (McMahan et al. 2017 with one local step); the server takes one adaptive step.
#pragma once

#include <sotto/simulate/adaptive_step.hpp>
#include <sotto/simulate/head_rows.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::simulate {

// The rates were chosen on the warm-up rounds of movietweetings-100k (docs/simulate.md).
inline constexpr AdaptiveStep federated_row_step{.rate = 0.3F, .adaptivity = 0.01F};
inline constexpr AdaptiveStep federated_bias_step{.rate = 1.0F, .adaptivity = 0.01F};

// Gradients below this probability are left out. Together they are a small part of it.
inline constexpr float min_gradient = 1e-5F;

// The sum of some devices' gradients in a round.
struct HeadGradient {
  HeadGradient(std::size_t items, std::size_t stride) : rows(items * stride), bias(items) {}

  // Adds weight · errors ⊗ u. errors: [items], the predicted probabilities less the choice's 1. u: [stride].
  void add(std::span<const float> errors, std::span<const float> u, float weight) noexcept;

  std::vector<float> rows;
  std::vector<float> bias;
};

class FederatedHead {
 public:
  FederatedHead(std::size_t items, std::size_t hidden_dim);

  // Writes the addition to each item's log-odds, [items], at a head input [stride].
  void additions(const Kernels& kernels, std::span<const float> u, std::span<float> out) noexcept {
    multiply(kernels, addition_, u, out);
  }
  // Takes the round's step. The gradients become 0. devices: their number, ≥ 1.
  void finish_round(std::span<HeadGradient* const> gradients, std::size_t devices) noexcept;

 private:
  HeadRows addition_;
  std::vector<float> row_squares_;
  std::vector<float> bias_squares_;
};

}  // namespace sotto::simulate
