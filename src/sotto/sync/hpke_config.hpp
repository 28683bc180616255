// HPKE (RFC 9180) as DAP carries it: an aggregator's or the collector's public key, and what was sealed for it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <cstdint>
#include <vector>

namespace sotto::sync {

// The suite that every implementation must have, and the only one that Sotto has.
inline constexpr std::uint16_t kem_x25519_hkdf_sha256 = 0x0020;
inline constexpr std::uint16_t kdf_hkdf_sha256 = 0x0001;
inline constexpr std::uint16_t aead_aes_128_gcm = 0x0001;

struct HpkeConfig {
  std::uint8_t id = 0;
  std::uint16_t kem_id = kem_x25519_hkdf_sha256;
  std::uint16_t kdf_id = kdf_hkdf_sha256;
  std::uint16_t aead_id = aead_aes_128_gcm;
  Bytes public_key;  // 1 to 65,535 bytes

  [[nodiscard]] static Result<HpkeConfig> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const HpkeConfig&, const HpkeConfig&) = default;
};

// The answer to GET {aggregator}/hpke_config, in the order of the aggregator's preference.
struct HpkeConfigList {
  std::vector<HpkeConfig> configs;  // at least one

  [[nodiscard]] static Result<HpkeConfigList> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const HpkeConfigList&, const HpkeConfigList&) = default;
};

struct HpkeCiphertext {
  std::uint8_t config_id = 0;
  Bytes enc;      // the encapsulated key, 1 to 65,535 bytes
  Bytes payload;  // the ciphertext with its tag, not empty

  [[nodiscard]] static Result<HpkeCiphertext> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const HpkeCiphertext&, const HpkeCiphertext&) = default;
};

}  // namespace sotto::sync
