// Whole numbers in as few bytes as they need (LEB128): seven bits in a byte, low ones first. The high bit says that
// another byte follows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::serve {

inline constexpr std::size_t max_varint_bytes = 10;

void append_varint(std::string& bytes, std::uint64_t value);
// Takes a number from the front of the bytes. Nothing where it ends too early, has more bytes than it needs, or is
// larger than `max`.
[[nodiscard]] std::optional<std::uint64_t> take_varint(std::string_view& bytes, std::uint64_t max);

}  // namespace sotto::serve
