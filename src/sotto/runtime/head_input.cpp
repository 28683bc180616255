#include <sotto/numeric/formats.hpp>
#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/runtime/internal/head_input.hpp>

#include <algorithm>
#include <cstdlib>

namespace sotto {
namespace {

// Returns the smallest right shift after which |value| ≤ 32767 fits 7 bits. It is the head input's block exponent, 0 …
// 10.
int block_shift(std::span<const std::int16_t> values) noexcept {
  std::int32_t peak = 0;
  for (const std::int16_t v : values) peak = std::max(peak, std::abs(std::int32_t{v}));
  int shift = 0;
  while (round_shift(peak, shift) > activation_max) ++shift;
  return shift;
}

}  // namespace

void hidden_to_head_input(std::span<const std::int16_t> hidden, std::span<std::int16_t> u) noexcept {
  constexpr int shift = unit_bits - head_input_bits;
  constexpr std::int32_t half = 1 << (shift - 1);
  for (std::size_t j = 0; j < u.size(); ++j) u[j] = static_cast<std::int16_t>((hidden[j] + half) >> shift);
}

void add_skip(const Engine& engine, std::span<const std::int16_t> hidden, const std::uint8_t* embedding_u7,
              std::int32_t* skip_sums, std::span<std::int16_t> u) noexcept {
  const PackedMatrix& skip = engine.skip();
  engine.kernels().matmul(skip.view(), embedding_u7, 1, skip_sums, skip.rows);
  constexpr std::int64_t hidden_scale = std::int64_t{1} << (head_input_bits + gate_multiplier_bits - unit_bits);
  for (std::size_t j = 0; j < u.size(); ++j) {
    const std::int64_t from_skip = std::int64_t{skip_sums[j]} * skip.multiplier[j];
    u[j] = saturate<std::int16_t>(round_shift(hidden[j] * hidden_scale + from_skip, gate_multiplier_bits));
  }
}

int quantize_head_input(std::span<const std::int16_t> u, std::uint8_t* out_u7) noexcept {
  const int shift = block_shift(u);
  const std::int32_t half = shift == 0 ? 0 : 1 << (shift - 1);
  for (std::size_t j = 0; j < u.size(); ++j) {
    out_u7[j] = static_cast<std::uint8_t>(((u[j] + half) >> shift) + activation_zero_point);
  }
  return head_multiplier_bits + head_input_bits - score_bits - shift;
}

}  // namespace sotto
