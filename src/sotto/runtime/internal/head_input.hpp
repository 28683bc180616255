// The head's input. It is made from the last layer's hidden state and rounded to 7-bit activations for the products.
#pragma once

#include <sotto/runtime/engine.hpp>

#include <cstdint>
#include <span>

namespace sotto {

// Converts Q0.15 to Q3.12. `u` may be `hidden`.
void hidden_to_head_input(std::span<const std::int16_t> hidden, std::span<std::int16_t> u) noexcept;

// u = hidden + skip · embedding, Q3.12 [H]. The sum is exact at 2^-36 and is rounded once. embedding_u7: the latest
// item's embedding as activations [padded D]. skip_sums: scratch [rows of the skip matrix].
void add_skip(const Engine& engine, std::span<const std::int16_t> hidden, const std::uint8_t* embedding_u7,
              std::int32_t* skip_sums, std::span<std::int16_t> u) noexcept;

// Writes u [H] as activations with a power-of-two scale of their own, so that small states keep their precision.
// Returns the right shift that brings the head's products to Q15.16, 16 … 26. Always |sum · multiplier| < 2^58.
[[nodiscard]] int quantize_head_input(std::span<const std::int16_t> u, std::uint8_t* out_u7) noexcept;

}  // namespace sotto
