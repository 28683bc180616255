// The arm "adapter": an addition v + Q Pᵀ u to the head's input u that all devices share, learned by federated
// averaging in plaintext and without noise. P are the directions of the model's own adapter (personal/adapter.hpp); a
// model without them has v alone. Devices have equal weights, as in federated_head.hpp.
#pragma once

#include <sotto/simulate/adaptive_step.hpp>
#include <sotto/simulate/head_rows.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::simulate {

// The rate was chosen on the warm-up rounds of movietweetings-100k (docs/simulate.md).
inline constexpr AdaptiveStep adapter_step{.rate = 0.05F, .adaptivity = 0.1F};

class SharedAdapter {
 public:
  // The model must outlive the adapter.
  explicit SharedAdapter(const PersonalModel& model);

  // The number of learned values: v, then Qᵀ.
  [[nodiscard]] std::size_t size() const noexcept { return learned_.size(); }
  // Writes the addition to the head's input, [H]. u: [H]. along: scratch [rank]; it gets Pᵀ u.
  void addition(std::span<const float> u, std::span<float> along, std::span<float> out) const noexcept;
  // Adds weight · the gradient of the learned values to `sum`, [size()]. gradient: of the addition, [H].
  void add_gradient(std::span<const float> gradient, std::span<const float> along, float weight,
                    std::span<float> sum) const noexcept;
  // Takes the round's step. The gradients become 0. devices: their number, ≥ 1.
  void finish_round(std::span<const std::span<float>> gradients, std::size_t devices) noexcept;

  [[nodiscard]] std::size_t rank() const noexcept { return directions_.size() / hidden_dim_; }

 private:
  std::size_t hidden_dim_;
  std::span<const float> directions_;  // Pᵀ, [rank × H]
  std::vector<float> learned_;
  std::vector<float> squares_;
};

}  // namespace sotto::simulate
