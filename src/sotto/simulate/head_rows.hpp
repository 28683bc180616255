// The base's head in float32, and a user's logits in nats. The arms that change the head or its input compute with
// them.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/numeric/kernels.hpp>
#include <sotto/personal/personal_model.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::simulate {

// Rows with a bias each: products with a head input give one value for each item, in nats.
struct HeadRows {
  HeadRows(std::size_t items, std::size_t hidden_dim)
      : rows(items * round_up(hidden_dim, float_tile)), bias(items), stride(round_up(hidden_dim, float_tile)) {}

  [[nodiscard]] std::size_t items() const noexcept { return bias.size(); }
  [[nodiscard]] std::span<float> row(std::size_t item) noexcept { return rows.span().subspan(item * stride, stride); }
  [[nodiscard]] std::span<const float> row(std::size_t item) const noexcept {
    return rows.span().subspan(item * stride, stride);
  }

  AlignedBuffer<float> rows;  // [items × stride], zeros in the padding
  AlignedBuffer<float> bias;  // [items]
  std::size_t stride;
};

// Writes bias[i] + Σ row[i] · u to out, [items]. u: [stride].
void multiply(const Kernels& kernels, HeadRows& head, std::span<const float> u, std::span<float> out) noexcept;

// The base's head: its logits are multiplied by the model's temperature, so that they are log-odds.
[[nodiscard]] HeadRows base_head(const PersonalModel& model);

// Converts a head input, Q3.12 [H], to float. The rest of `out` is not changed.
void to_float(std::span<const std::int16_t> head_input, std::span<float> out) noexcept;

// Replaces log-odds by their probabilities, in place. The values from `items` on are padding up to a multiple of
// float_tile, and become 0.
void softmax(const Kernels& kernels, std::size_t items, std::span<float> log_odds) noexcept;

}  // namespace sotto::simulate
