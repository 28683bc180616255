#include <sotto/sync/base64url.hpp>

#include <cstdint>

namespace sotto::sync {
namespace {

constexpr std::string_view base64url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::size_t decoded_size(std::size_t letters) { return letters / 4 * 3 + letters % 4 * 3 / 4; }

}  // namespace

std::string to_base64url(ByteSpan bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
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
    const std::size_t digit = base64url_digits.find(letter);
    if (digit == std::string_view::npos) return false;
    buffer = buffer << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[place++] = static_cast<std::byte>(buffer >> bits);
  }
  // The last digit may have bits that belong to no byte. They are zero.
  return (buffer & ((1U << bits) - 1)) == 0;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  Bytes bytes(decoded_size(text.size()));
  if (!from_base64url(text, bytes)) return std::nullopt;
  return bytes;
}

}  // namespace sotto::sync
