// Bytes as hexadecimal text, for vectors.
#pragma once

#include <sotto/sync/bytes.hpp>

#include <string>
#include <string_view>

namespace sotto::aggregate {

// Precondition: pairs of hexadecimal digits.
inline sync::Bytes from_hex(std::string_view text) {
  sync::Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

inline std::string to_hex(sync::ByteSpan bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text.push_back(digits[std::to_integer<std::size_t>(byte >> 4)]);
    text.push_back(digits[std::to_integer<std::size_t>(byte & std::byte{15})]);
  }
  return text;
}

}  // namespace sotto::aggregate
