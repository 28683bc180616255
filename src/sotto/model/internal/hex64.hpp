// How a model file writes numbers of 64 bits that JSON cannot hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sotto {

// 16 hexadecimal digits, with leading zeros.
[[nodiscard]] inline std::string hex64(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) text[15 - i] = "0123456789abcdef"[(value >> (4 * i)) & 15U];
  return text;
}

}  // namespace sotto
