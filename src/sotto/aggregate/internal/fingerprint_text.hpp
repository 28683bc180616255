// A model's fingerprint as 16 hexadecimal digits, as everywhere in Sotto's texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::aggregate {

inline constexpr std::size_t fingerprint_digits = 16;

inline std::string fingerprint_text(std::uint64_t fingerprint) {
  std::string text(fingerprint_digits, '0');
  for (std::size_t i = text.size(); i-- > 0; fingerprint >>= 4) text[i] = "0123456789abcdef"[fingerprint & 15];
  return text;
}

// Returns nothing for anything but 16 lower-case digits.
inline std::optional<std::uint64_t> fingerprint_from_text(std::string_view text) {
  if (text.size() != fingerprint_digits) return std::nullopt;
  std::uint64_t fingerprint = 0;
  for (const char letter : text) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(letter);
    if (digit == std::string_view::npos) return std::nullopt;
    fingerprint = fingerprint << 4 | digit;
  }
  return fingerprint;
}

}  // namespace sotto::aggregate
