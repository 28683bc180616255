// The server's step in federated and central training: Adagrad (Duchi, Hazan and Singer, 2011), as FedAdagrad in
// Reddi et al., "Adaptive Federated Optimization" (2021). A value whose gradients stay small moves in proportion to
// them; one with large gradients moves by at most the rate.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace sotto::simulate {

struct AdaptiveStep {
  float rate;  // the longest step, in the unit of the values
  float adaptivity;  // the gradient below which steps are proportional to it

  // Moves values against their gradients. squares: the sums of the earlier gradients' squares. All have one size.
  void take(std::span<float> values, std::span<float> squares, std::span<const float> gradients) const noexcept {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const float gradient = gradients[i];
      squares[i] += gradient * gradient;
      values[i] -= rate * gradient / (std::sqrt(squares[i]) + adaptivity);
    }
  }
};

}  // namespace sotto::simulate
