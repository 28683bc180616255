// Selects the decompressor of a source by its first bytes.
#include <sotto/data/read_ahead.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::array<std::byte, 4> zstd_magic = {std::byte{0x28}, std::byte{0xb5}, std::byte{0x2f}, std::byte{0xfd}};

bool starts_with(std::span<const std::byte> bytes, std::span<const std::byte> magic) noexcept {
  return bytes.size() >= magic.size() && std::ranges::equal(bytes.first(magic.size()), magic);
}

}  // namespace

Result<std::unique_ptr<ByteSource>> decompress_if_compressed(std::unique_ptr<ByteSource> source) {
  ReadAhead input(std::move(source));
  if (auto filled = input.fill(zstd_magic.size()); !filled) return std::move(filled).error();
  const auto start = input.available();
  if (starts_with(start, gzip_magic)) return gzip_source(std::move(input));
  if (starts_with(start, zstd_magic)) return zstd_source(std::move(input));
  return plain_source(std::move(input));
}

}  // namespace sotto::data
