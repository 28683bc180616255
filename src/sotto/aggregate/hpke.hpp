// HPKE (RFC 9180) in base mode, single-shot, with the suite that DAP demands: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
// AES-128-GCM. A sender seals for a public key. The receiver learns nothing about who sent it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/entropy.hpp>
#include <sotto/privacy/secret_bytes.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/hpke_config.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace sotto::aggregate {

inline constexpr std::size_t hpke_key_bytes = 32;  // public, private and encapsulated keys
inline constexpr std::size_t hpke_tag_bytes = 16;
inline constexpr std::size_t max_hpke_plaintext_bytes = std::size_t{1} << 24;
inline constexpr std::size_t max_hpke_info_bytes = 65'535;
inline constexpr std::size_t max_hpke_aad_bytes = std::size_t{1} << 24;

struct HpkeKeyPair {
  privacy::SecretBytes private_key;  // 32 bytes
  std::array<std::byte, hpke_key_bytes> public_key{};
  // Both as OpenSSL's object, which takes as long to make as a share takes to open.
  std::shared_ptr<evp_pkey_st> prepared{};
};

// Makes a new pair from 32 bytes of entropy. Fails with io where the entropy or OpenSSL does.
[[nodiscard]] Result<HpkeKeyPair> generate_hpke_key_pair(privacy::Entropy& entropy);
// RFC 9180's DeriveKeyPair. The material has 32 bytes or more of entropy. Fails with invalid_argument for less.
[[nodiscard]] Result<HpkeKeyPair> derive_hpke_key_pair(std::span<const std::byte> key_material);
// A stored pair. Fails with invalid_argument for a key that is not 32 bytes.
[[nodiscard]] Result<HpkeKeyPair> hpke_key_pair(std::span<const std::byte> private_key);

// The configuration that an aggregator publishes for a key.
[[nodiscard]] sync::HpkeConfig hpke_config(std::uint8_t id, const HpkeKeyPair& keys);

// Seals a plaintext for a configuration's key. Fails with unsupported for another suite, with invalid_argument for a
// key that is none or a size beyond the limits above, with io where the entropy or OpenSSL fails.
[[nodiscard]] Result<sync::HpkeCiphertext> hpke_seal(const sync::HpkeConfig& recipient, sync::ByteSpan info,
                                                     sync::ByteSpan aad, sync::ByteSpan plaintext,
                                                     privacy::Entropy& entropy);
// Opens what was sealed for the pair with the same info and associated data. Fails with mismatch where any of them is
// another one or a bit of the ciphertext is flipped, with malformed for an encapsulated key or ciphertext of an
// impossible size, with invalid_argument for a size beyond the limits above. It does not look at the configuration's
// id.
[[nodiscard]] Result<privacy::SecretBytes> hpke_open(const HpkeKeyPair& recipient,
                                                     const sync::HpkeCiphertext& ciphertext, sync::ByteSpan info,
                                                     sync::ByteSpan aad);

}  // namespace sotto::aggregate
