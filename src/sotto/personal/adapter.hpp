// A user's adapter: what the head multiplies becomes u + Q Pᵀ u. P, [H × 16], are fixed directions that the model file
// carries, Q, [H × 16], is learned: how what a user means by one thing differs from what most mean. Of a size that
// depends on neither items nor history (a low-rank update as in LoRA, Hu et al. 2021, arXiv 2106.09685, with one factor
// fixed).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

class Adapter {
 public:
  // directions: Pᵀ, [rank × H], each of about unit length; none: it adds nothing. learned: Qᵀ, [rank × H]. Both must
  // outlive the adapter.
  Adapter(std::size_t hidden_dim, std::span<const float> directions, std::span<float> learned);

  // out += Q Pᵀ u, at the head input that learn() is then about; [H].
  void add_to(std::span<float> out, std::span<const std::int16_t> head_input) noexcept;

  // One step against the gradient with respect to what add_to() added, [H], as if that were free: of length step ·
  // gradient where the same head input comes again.
  void learn(std::span<const float> gradient, float step) noexcept;

 private:
  std::size_t hidden_dim_;
  std::span<const float> directions_;
  std::span<float> learned_;
  std::vector<float> along_;  // Pᵀ u, [rank]
};

}  // namespace sotto
