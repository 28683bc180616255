#include <sotto/serve/base64url.hpp>

#include <array>
#include <cstdint>

namespace sotto::serve {
namespace {

constexpr std::string_view base64url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < base64url_digits.size(); ++i) {
    values[static_cast<unsigned char>(base64url_digits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

}  // namespace

std::string to_base64url(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char byte : bytes) {
    buffer = buffer << 8 | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6; bits -= 6) text.push_back(base64url_digits[buffer >> (bits - 6) & 0x3f]);
  }
  if (bits > 0) text.push_back(base64url_digits[buffer << (6 - bits) & 0x3f]);
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char character : text) {
    const std::uint8_t digit = digit_values[static_cast<unsigned char>(character)];
    if (digit == no_digit) return std::nullopt;
    buffer = buffer << 6 | digit;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(buffer >> bits & 0xff));
  }
  // The last digit may have bits that belong to no byte. They are zero.
  if ((buffer & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

bool is_base64url(std::string_view text, std::size_t bytes) noexcept {
  if (text.size() != (bytes * 4 + 2) / 3) return false;
  return text.find_first_not_of(base64url_digits) == std::string_view::npos;
}

}  // namespace sotto::serve
