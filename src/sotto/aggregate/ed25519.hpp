// Signatures (Ed25519, RFC 8032) of manifests and lists of tasks.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/entropy.hpp>
#include <sotto/privacy/secret_bytes.hpp>
#include <sotto/sync/bytes.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace sotto::aggregate {

using Ed25519PublicKey = std::array<std::byte, 32>;
using Ed25519Signature = std::array<std::byte, 64>;

struct SigningKeyPair {
  privacy::SecretBytes seed;  // RFC 8032's private key, 32 bytes
  Ed25519PublicKey public_key{};
};

// Makes a new pair. Fails with io where the entropy or OpenSSL does.
[[nodiscard]] Result<SigningKeyPair> generate_signing_key_pair(privacy::Entropy& entropy);
// A stored pair. Fails with invalid_argument for a seed that is not 32 bytes.
[[nodiscard]] Result<SigningKeyPair> signing_key_pair(std::span<const std::byte> seed);

[[nodiscard]] Result<Ed25519Signature> ed25519_sign(const SigningKeyPair& keys, sync::ByteSpan message);
[[nodiscard]] bool ed25519_verify(const Ed25519PublicKey& key, sync::ByteSpan message,
                                  const Ed25519Signature& signature) noexcept;

}  // namespace sotto::aggregate
