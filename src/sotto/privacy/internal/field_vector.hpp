// Vectors of field elements as bytes. An element's memory is its encoding, so that encoding is a copy.
#pragma once

#include <sotto/privacy/internal/declassify.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace sotto::privacy {

// The encoding of a vector: its memory.
template <class Field>
[[nodiscard]] std::span<const std::byte> encoding_of(std::span<const Field> elements) noexcept {
  static_assert(std::is_trivially_copyable_v<Field> && sizeof(Field) == Field::encoded_bytes);
  return std::as_bytes(elements);
}

// 1 when the memory of every element encodes an element, else 0.
template <class Field>
[[nodiscard]] std::uint64_t all_canonical(std::span<const Field> elements) noexcept {
  std::uint64_t all = 1;
  for (const Field& element : elements) all &= Field::is_encoding(reinterpret_cast<const std::byte*>(&element));
  return all;
}

// Reads as many elements as `out` has. Returns false when one is >= p; `out` must then not be used. Whether a share is
// well-formed is not secret. Precondition: bytes.size() == out.size() * Field::encoded_bytes.
template <class Field>
[[nodiscard]] bool decode_elements(std::span<const std::byte> bytes, std::span<Field> out) noexcept {
  if (!bytes.empty()) std::memcpy(static_cast<void*>(out.data()), bytes.data(), bytes.size());
  return declassified(all_canonical(std::span<const Field>{out})) == 1;
}

template <class Field>
void add_to(std::span<Field> sum, std::span<const Field> terms) noexcept {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += terms[i];
}

template <class Field>
void subtract_from(std::span<Field> difference, std::span<const Field> terms) noexcept {
  for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= terms[i];
}

}  // namespace sotto::privacy
