// A user's adapter changes the head's input to u + Q Pᵀ u. P, [H × rank], has fixed directions that the model file
// stores. Q, [H × rank], is learned. It describes how this user's meaning of an item differs from that of most users.
// Its size depends neither on the items nor on the history. It is a low-rank update as in LoRA (Hu et al. 2021, arXiv
// 2106.09685), with one factor fixed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// A view of the directions, of a user's learned values, and of scratch. All of them must outlive it.
class Adapter {
 public:
  // directions: Pᵀ, [rank × H], each of about unit length. Without directions the adapter adds nothing. learned: Qᵀ,
  // [rank × H]. along: scratch [rank].
  Adapter(std::size_t hidden_dim, std::span<const float> directions, std::span<float> learned,
          std::span<float> along) noexcept
      : hidden_dim_(hidden_dim), directions_(directions), learned_(learned), along_(along) {}

  // Computes out += Q Pᵀ u, [H]. Leaves Pᵀ u in `along`, for learn().
  void add_to(std::span<float> out, std::span<const std::int16_t> head_input) const noexcept;

  // Takes one step against the gradient with respect to the addition of add_to(), [H]. For the same head input, the
  // addition then changes by step · gradient.
  void learn(std::span<const float> gradient, float step) const noexcept;

 private:
  std::size_t hidden_dim_;
  std::span<const float> directions_;
  std::span<float> learned_;
  std::span<float> along_;  // Pᵀ u
};

}  // namespace sotto
