#include <sotto/serve/varint.hpp>

namespace sotto::serve {

void append_varint(std::string& bytes, std::uint64_t value) {
  while (value >= 0x80) {
    bytes.push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  bytes.push_back(static_cast<char>(value));
}

std::optional<std::uint64_t> take_varint(std::string_view& bytes, std::uint64_t max) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    const std::uint64_t part = byte & 0x7fU;
    if (part > max >> shift) return std::nullopt;
    value |= part << shift;
    if ((byte & 0x80U) != 0) continue;
    if ((byte == 0 && shift > 0) || value > max) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

}  // namespace sotto::serve
