#include <sotto/base/base64url.hpp>

#include <array>
#include <cstdint>

namespace sotto {
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

constexpr std::size_t encoded_size(std::size_t bytes) { return (bytes * 4 + 2) / 3; }
constexpr std::size_t decoded_size(std::size_t letters) { return letters / 4 * 3 + letters % 4 * 3 / 4; }

}  // namespace

std::string to_base64url(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve(encoded_size(bytes.size()));
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const std::byte byte : bytes) {
    buffer = buffer << 8 | std::to_integer<std::uint32_t>(byte);
    for (bits += 8; bits >= 6; bits -= 6) text.push_back(base64url_digits[buffer >> (bits - 6) & 0x3f]);
  }
  if (bits > 0) text.push_back(base64url_digits[buffer << (6 - bits) & 0x3f]);
  return text;
}

bool from_base64url(std::string_view text, std::span<std::byte> out) noexcept {
  if (text.size() % 4 == 1 || decoded_size(text.size()) != out.size()) return false;
  std::uint32_t buffer = 0;
  int bits = 0;
  std::size_t place = 0;
  for (const char letter : text) {
    const std::uint8_t digit = digit_values[static_cast<unsigned char>(letter)];
    if (digit == no_digit) return false;
    buffer = buffer << 6 | digit;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[place++] = static_cast<std::byte>(buffer >> bits);
  }
  // The last digit may have bits that belong to no byte. They are zero.
  return (buffer & ((1U << bits) - 1)) == 0;
}

std::optional<std::vector<std::byte>> from_base64url(std::string_view text) {
  std::vector<std::byte> bytes(decoded_size(text.size()));
  if (!from_base64url(text, bytes)) return std::nullopt;
  return bytes;
}

bool is_base64url(std::string_view text, std::size_t bytes) noexcept {
  return text.size() == encoded_size(bytes) && text.find_first_not_of(base64url_digits) == std::string_view::npos;
}

}  // namespace sotto
