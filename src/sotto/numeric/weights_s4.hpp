// Reads and writes single weights in rows of 4-bit weights. KernelMatrixS4 defines where a column is stored.
#pragma once

#include <sotto/numeric/formats.hpp>
#include <sotto/numeric/kernels.hpp>

#include <cstddef>
#include <cstdint>

namespace sotto {

// Returns the bytes of a row.
[[nodiscard]] constexpr std::size_t stride_s4(std::size_t columns) noexcept {
  return round_up(columns, 2 * column_tile) / 2;
}

// Returns column c of a row. Legal: c < 2 · stride.
[[nodiscard]] constexpr std::int32_t weight_s4(const std::uint8_t* row, std::size_t stride, std::size_t c) noexcept {
  return (c < stride ? row[c] & 15 : row[c - stride] >> 4) - weight_s4_zero_point;
}

// Legal: -8 ≤ weight ≤ 7.
constexpr void set_weight_s4(std::uint8_t* row, std::size_t stride, std::size_t c, std::int32_t weight) noexcept {
  std::uint8_t& byte = row[c % stride];
  const int stored = weight + weight_s4_zero_point;
  byte = static_cast<std::uint8_t>(c < stride ? (byte & 0xF0) | stored : (byte & 0x0F) | stored << 4);
}

}  // namespace sotto
