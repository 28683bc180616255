// TurboSHAKE128 (RFC 9861): an extendable output function on Keccak-p[1600, 12] with a rate of 168 bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::privacy {

// The time depends on the numbers of bytes alone.
class TurboShake128 {
 public:
  static constexpr std::size_t rate_bytes = 168;

  // Takes the next bytes of the message. Precondition: finish() was not called.
  void absorb(std::span<const std::byte> bytes) noexcept;
  // Ends the message with the domain separation byte, 0x01 ... 0x7f. To be called once.
  void finish(std::uint8_t domain) noexcept;
  // Writes the next bytes of the output. Precondition: finish() was called.
  void squeeze(std::span<std::byte> out) noexcept;

 private:
  std::array<std::uint64_t, 25> lanes_{};
  // Bytes of the block that are taken or given out.
  std::size_t position_ = 0;
};

}  // namespace sotto::privacy
