#include <sotto/stream/crc32c.hpp>

#include <array>

namespace sotto::stream {
namespace {

constexpr std::uint32_t reflected_polynomial = 0x82F6'3B78U;

constexpr std::array<std::uint32_t, 256> table = [] {
  std::array<std::uint32_t, 256> values{};
  for (std::uint32_t byte = 0; byte < values.size(); ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ ((value & 1U) != 0 ? reflected_polynomial : 0U);
    values[byte] = value;
  }
  return values;
}();

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes) noexcept {
  std::uint32_t crc = ~std::uint32_t{0};
  for (const std::byte byte : bytes) crc = (crc >> 8U) ^ table[(crc ^ std::to_integer<std::uint32_t>(byte)) & 0xFFU];
  return ~crc;
}

}  // namespace sotto::stream
