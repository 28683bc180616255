// Sums and products of 64-bit words that do not lose a carry, without branches. Values may be secret.
#pragma once

#include <cstdint>
#include <type_traits>

namespace sotto::privacy {

// Clang knows a chain of carries by its plain form. GCC needs to be told the instruction; without, field arithmetic
// takes twice as long.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SOTTO_CARRY_INSTRUCTIONS 1
#else
#define SOTTO_CARRY_INSTRUCTIONS 0
#endif

// high * 2^64 + low.
struct WideWord {
  std::uint64_t low;
  std::uint64_t high;
};

// The product from four of 32 bits: for processors, and WebAssembly, without a product of 128 bits.
[[nodiscard]] constexpr WideWord multiply_wide_by_halves(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t a_low = a & 0xffff'ffff;
  const std::uint64_t a_high = a >> 32;
  const std::uint64_t b_low = b & 0xffff'ffff;
  const std::uint64_t b_high = b >> 32;
  const std::uint64_t low = a_low * b_low;
  // At most (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1.
  const std::uint64_t middle = a_high * b_low + (low >> 32);
  const std::uint64_t middle2 = a_low * b_high + (middle & 0xffff'ffff);
  return {(middle2 << 32) | (low & 0xffff'ffff), a_high * b_high + (middle >> 32) + (middle2 >> 32)};
}

[[nodiscard]] constexpr WideWord multiply_wide(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__) && !defined(__wasm__)
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return {static_cast<std::uint64_t>(product), static_cast<std::uint64_t>(product >> 64)};
#else
  return multiply_wide_by_halves(a, b);
#endif
}

// Returns a + b + carry modulo 2^64 and sets carry to 0 or 1. Precondition: carry is 0 or 1.
[[nodiscard]] constexpr std::uint64_t add_with_carry(std::uint64_t a, std::uint64_t b, std::uint64_t& carry) noexcept {
#if SOTTO_CARRY_INSTRUCTIONS
  if (!std::is_constant_evaluated()) {
    unsigned long long result = 0;
    carry = __builtin_ia32_addcarryx_u64(static_cast<unsigned char>(carry), a, b, &result);
    return result;
  }
#endif
  const std::uint64_t partial = a + b;
  const std::uint64_t sum = partial + carry;
  carry = static_cast<std::uint64_t>(partial < a) | static_cast<std::uint64_t>(sum < partial);
  return sum;
}

// Returns a - b - borrow modulo 2^64 and sets borrow to 0 or 1. Precondition: borrow is 0 or 1.
[[nodiscard]] constexpr std::uint64_t subtract_with_borrow(std::uint64_t a, std::uint64_t b,
                                                           std::uint64_t& borrow) noexcept {
#if SOTTO_CARRY_INSTRUCTIONS
  if (!std::is_constant_evaluated()) {
    unsigned long long result = 0;
    borrow = __builtin_ia32_sbb_u64(static_cast<unsigned char>(borrow), a, b, &result);
    return result;
  }
#endif
  const std::uint64_t partial = a - b;
  const std::uint64_t difference = partial - borrow;
  borrow = static_cast<std::uint64_t>(a < b) | static_cast<std::uint64_t>(partial < borrow);
  return difference;
}

// All ones for 1, zero for 0. A compiler does not see that the mask has only two values, so that it cannot turn what
// uses the mask into a branch.
[[nodiscard]] constexpr std::uint64_t mask_of(std::uint64_t bit) noexcept {
  std::uint64_t mask = 0 - bit;
#if defined(__GNUC__)
  if (!std::is_constant_evaluated()) asm("" : "+r"(mask));
#endif
  return mask;
}

// chosen where the mask is all ones, other where it is zero.
[[nodiscard]] constexpr std::uint64_t select(std::uint64_t mask, std::uint64_t chosen, std::uint64_t other) noexcept {
  return other ^ (mask & (chosen ^ other));
}

// 1 when a equals b, else 0.
[[nodiscard]] constexpr std::uint64_t equal_bit(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t difference = a ^ b;
  return 1 ^ ((difference | (0 - difference)) >> 63);
}

}  // namespace sotto::privacy
