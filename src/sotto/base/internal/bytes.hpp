// Little-endian loads and stores of integers and floats at any alignment.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace sotto {

static_assert(std::endian::native == std::endian::little,
              "Sotto's file and state formats are little-endian and are read in place");

// Precondition: sizeof(T) readable bytes at `from`.
template <class T>
  requires std::is_arithmetic_v<T>
[[nodiscard]] T load_le(const std::byte* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// Precondition: sizeof(T) writable bytes at `to`.
template <class T>
  requires std::is_arithmetic_v<T>
void store_le(std::byte* to, T value) noexcept {
  std::memcpy(to, &value, sizeof value);
}

}  // namespace sotto
