// A user's adapter: what the head multiplies becomes u + Q Pᵀ u. P, [H × rank], are fixed directions that the model
// file carries; Q, [H × rank], is learned. It says how what this user means by an item differs from what most users
// mean. Its size depends neither on the items nor on the history (a low-rank update as in LoRA, Hu et al. 2021, arXiv
// 2106.09685, with one factor fixed).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// A view of the directions, of what a user learned, and of scratch; all of them must outlive it.
class Adapter {
 public:
  // directions: Pᵀ, [rank × H], each of about unit length; without any the adapter adds nothing. learned: Qᵀ,
  // [rank × H]. along: scratch [rank].
  Adapter(std::size_t hidden_dim, std::span<const float> directions, std::span<float> learned,
          std::span<float> along) noexcept
      : hidden_dim_(hidden_dim), directions_(directions), learned_(learned), along_(along) {}

  // out += Q Pᵀ u, [H]. Leaves Pᵀ u in `along`, for learn().
  void add_to(std::span<float> out, std::span<const std::int16_t> head_input) const noexcept;

  // One step against the gradient with respect to what add_to() added, [H]. Where the same head input comes again,
  // what is added has moved by step · gradient.
  void learn(std::span<const float> gradient, float step) const noexcept;

 private:
  std::size_t hidden_dim_;
  std::span<const float> directions_;
  std::span<float> learned_;
  std::span<float> along_;  // Pᵀ u
};

}  // namespace sotto
