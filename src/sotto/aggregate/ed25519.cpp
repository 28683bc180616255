#include <sotto/aggregate/ed25519.hpp>

#include <sotto/aggregate/internal/openssl.hpp>

namespace sotto::aggregate {
namespace {

constexpr std::size_t ed25519_seed_bytes = 32;

}  // namespace

Result<SigningKeyPair> signing_key_pair(std::span<const std::byte> seed) {
  if (seed.size() != ed25519_seed_bytes) {
    return Error{ErrorCode::invalid_argument,
                 "a signing key has " + std::to_string(seed.size()) + " bytes, expected 32"};
  }
  const Pkey key(::EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, chars(seed), seed.size()));
  SigningKeyPair pair{privacy::SecretBytes(seed), {}};
  std::size_t size = pair.public_key.size();
  if (!key || ::EVP_PKEY_get_raw_public_key(key.get(), writable_chars(pair.public_key), &size) != 1) {
    return openssl_error("make a public Ed25519 key");
  }
  return pair;
}

Result<SigningKeyPair> generate_signing_key_pair(privacy::Entropy& entropy) {
  privacy::SecretBytes seed(ed25519_seed_bytes);
  if (Status filled = entropy.fill(seed.span()); !filled) return std::move(filled).error();
  return signing_key_pair(seed.span());
}

Result<Ed25519Signature> ed25519_sign(const SigningKeyPair& keys, sync::ByteSpan message) {
  const Pkey key(::EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, chars(keys.seed.span()), keys.seed.size()));
  const DigestContext context(::EVP_MD_CTX_new());
  Ed25519Signature signature{};
  std::size_t size = signature.size();
  if (!key || !context || ::EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      ::EVP_DigestSign(context.get(), writable_chars(signature), &size, chars(message), message.size()) != 1) {
    return openssl_error("sign with Ed25519");
  }
  return signature;
}

bool ed25519_verify(const Ed25519PublicKey& key, sync::ByteSpan message, const Ed25519Signature& signature) noexcept {
  const Pkey public_key(::EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, chars(key), key.size()));
  const DigestContext context(::EVP_MD_CTX_new());
  return public_key && context &&
         ::EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1 &&
         ::EVP_DigestVerify(context.get(), chars(signature), signature.size(), chars(message), message.size()) == 1;
}

}  // namespace sotto::aggregate
