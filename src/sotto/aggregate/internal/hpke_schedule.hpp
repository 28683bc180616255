// The inside of HPKE in base mode, in steps that RFC 9180 has vectors for.
#pragma once

#include <sotto/aggregate/hpke.hpp>
#include <sotto/privacy/secret_bytes.hpp>

#include <array>
#include <cstddef>

namespace sotto::aggregate {

struct HpkeSchedule {
  std::array<std::byte, 65> context{};  // key_schedule_context: mode, hash of the empty PSK id, hash of the info
  privacy::SecretBytes secret;                   // 32 bytes
  privacy::SecretBytes key;                      // 16 bytes
  std::array<std::byte, 12> base_nonce{};
  privacy::SecretBytes exporter_secret;          // 32 bytes; sealing does not use it
};

// The KEM's shared secret, from one's own pair and the other's public key. `enc` is the sender's public key and
// `recipient` the receiver's. Fails with mismatch for a public key of small order, with io where OpenSSL fails.
[[nodiscard]] Result<privacy::SecretBytes> hpke_shared_secret(const HpkeKeyPair& own,
                                                              std::span<const std::byte> other_public,
                                                              std::span<const std::byte> enc,
                                                              std::span<const std::byte> recipient);
[[nodiscard]] Result<HpkeSchedule> hpke_key_schedule(const privacy::SecretBytes& shared_secret, sync::ByteSpan info);

}  // namespace sotto::aggregate
