// CRC-32C (Castagnoli, RFC 3720 appendix B.4), as java.util.zip.CRC32C has it. It compares states of different
// programs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::stream {

[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes) noexcept;

}  // namespace sotto::stream
