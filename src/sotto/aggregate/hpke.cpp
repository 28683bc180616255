#include <sotto/aggregate/hpke.hpp>

#include <sotto/aggregate/internal/hpke_schedule.hpp>
#include <sotto/aggregate/internal/openssl.hpp>
#include <sotto/aggregate/sha256.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace sotto::aggregate {
namespace {

constexpr std::size_t hash_bytes = 32;
constexpr std::size_t aead_key_bytes = 16;
constexpr std::size_t aead_nonce_bytes = 12;

// The suite's id in labels: of the KEM alone, and of the whole.
constexpr std::array<std::byte, 5> kem_suite{std::byte{'K'}, std::byte{'E'}, std::byte{'M'}, std::byte{0x00},
                                             std::byte{0x20}};
constexpr std::array<std::byte, 10> hpke_suite{std::byte{'H'},  std::byte{'P'},  std::byte{'K'},  std::byte{'E'},
                                               std::byte{0x00}, std::byte{0x20}, std::byte{0x00}, std::byte{0x01},
                                               std::byte{0x00}, std::byte{0x01}};

// Bytes in a row that are wiped in the end. The size is known in advance, so that nothing is left in moved memory.
class SecretJoin {
 public:
  explicit SecretJoin(std::size_t size) : bytes_(size) {}
  SecretJoin& add(std::span<const std::byte> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.span().subspan(end_).begin());
    end_ += bytes.size();
    return *this;
  }
  SecretJoin& add(std::string_view text) { return add(std::as_bytes(std::span(text))); }
  [[nodiscard]] std::span<const std::byte> span() const { return bytes_.span(); }

 private:
  privacy::SecretBytes bytes_;
  std::size_t end_ = 0;
};

privacy::SecretBytes secret_hmac(std::span<const std::byte> key, std::span<const std::byte> bytes) {
  sync::Sha256 code = hmac_sha256(key, bytes);
  privacy::SecretBytes secret{std::span<const std::byte>(code)};
  ::OPENSSL_cleanse(code.data(), code.size());
  return secret;
}

privacy::SecretBytes labeled_extract(std::span<const std::byte> suite, std::span<const std::byte> salt,
                                     std::string_view label, std::span<const std::byte> material) {
  constexpr std::string_view version = "HPKE-v1";
  SecretJoin input(version.size() + suite.size() + label.size() + material.size());
  input.add(version).add(suite).add(label).add(material);
  return secret_hmac(salt, input.span());
}

// HKDF-Expand. All that HPKE expands here is no longer than one block.
privacy::SecretBytes labeled_expand(std::span<const std::byte> suite, const privacy::SecretBytes& key,
                                    std::string_view label, std::span<const std::byte> info, std::size_t size) {
  constexpr std::string_view version = "HPKE-v1";
  const std::array length{std::byte{0}, static_cast<std::byte>(size)};
  const std::array counter{std::byte{1}};
  SecretJoin input(length.size() + version.size() + suite.size() + label.size() + info.size() + counter.size());
  input.add(length).add(version).add(suite).add(label).add(info).add(counter);
  const privacy::SecretBytes block = secret_hmac(key.span(), input.span());
  return privacy::SecretBytes(block.span().first(size));
}

Result<privacy::SecretBytes> x25519(const HpkeKeyPair& own, std::span<const std::byte> public_key) {
  const Pkey other(::EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, chars(public_key), public_key.size()));
  if (!own.prepared || !other) return openssl_error("read an X25519 key");
  const PkeyContext context(::EVP_PKEY_CTX_new(own.prepared.get(), nullptr));
  if (!context || ::EVP_PKEY_derive_init(context.get()) != 1 ||
      ::EVP_PKEY_derive_set_peer(context.get(), other.get()) != 1) {
    return openssl_error("prepare X25519");
  }
  privacy::SecretBytes secret(hpke_key_bytes);
  std::size_t size = secret.size();
  // It refuses a result of zeros, which a key of small order leads to.
  if (::EVP_PKEY_derive(context.get(), writable_chars(secret.span()), &size) != 1 || size != secret.size()) {
    return Error{ErrorCode::mismatch, "the public key leads to no shared secret"};
  }
  return secret;
}

enum class Direction : int { open = 0, seal = 1 };

CipherContext aes_gcm(const HpkeSchedule& schedule, sync::ByteSpan aad, Direction direction) {
  CipherContext context(::EVP_CIPHER_CTX_new());
  int written = 0;
  if (!context ||
      ::EVP_CipherInit_ex(context.get(), ::EVP_aes_128_gcm(), nullptr, chars(schedule.key.span()),
                          chars(schedule.base_nonce), static_cast<int>(direction)) != 1 ||
      (!aad.empty() &&
       ::EVP_CipherUpdate(context.get(), nullptr, &written, chars(aad), static_cast<int>(aad.size())) != 1)) {
    return nullptr;
  }
  return context;
}

Status check_sizes(sync::ByteSpan info, sync::ByteSpan aad, std::size_t plaintext_bytes) {
  if (info.size() > max_hpke_info_bytes) return Error{ErrorCode::invalid_argument, "the HPKE info is too long"};
  if (aad.size() > max_hpke_aad_bytes) return Error{ErrorCode::invalid_argument, "the associated data is too long"};
  if (plaintext_bytes > max_hpke_plaintext_bytes) {
    return Error{ErrorCode::invalid_argument,
                 "a plaintext of " + std::to_string(plaintext_bytes) + " bytes is too long for HPKE"};
  }
  return Ok{};
}

}  // namespace

Result<HpkeKeyPair> hpke_key_pair(std::span<const std::byte> private_key) {
  if (private_key.size() != hpke_key_bytes) {
    return Error{ErrorCode::invalid_argument,
                 "an HPKE key has " + std::to_string(private_key.size()) + " bytes, expected 32"};
  }
  Pkey key(::EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, chars(private_key), private_key.size()));
  HpkeKeyPair pair{privacy::SecretBytes(private_key)};
  std::size_t size = pair.public_key.size();
  if (!key || ::EVP_PKEY_get_raw_public_key(key.get(), writable_chars(pair.public_key), &size) != 1) {
    return openssl_error("make a public X25519 key");
  }
  pair.prepared = std::move(key);
  return pair;
}

Result<HpkeKeyPair> derive_hpke_key_pair(std::span<const std::byte> key_material) {
  if (key_material.size() < hpke_key_bytes) {
    return Error{ErrorCode::invalid_argument, "an HPKE key needs 32 bytes of entropy"};
  }
  const privacy::SecretBytes secret = labeled_extract(kem_suite, {}, "dkp_prk", key_material);
  return hpke_key_pair(labeled_expand(kem_suite, secret, "sk", {}, hpke_key_bytes).span());
}

Result<HpkeKeyPair> generate_hpke_key_pair(privacy::Entropy& entropy) {
  privacy::SecretBytes material(hpke_key_bytes);
  if (Status filled = entropy.fill(material.span()); !filled) return std::move(filled).error();
  return derive_hpke_key_pair(material.span());
}

sync::HpkeConfig hpke_config(std::uint8_t id, const HpkeKeyPair& keys) {
  sync::HpkeConfig config;
  config.id = id;
  config.public_key.assign(keys.public_key.begin(), keys.public_key.end());
  return config;
}

Result<privacy::SecretBytes> hpke_shared_secret(const HpkeKeyPair& own, std::span<const std::byte> other_public,
                                                std::span<const std::byte> enc, std::span<const std::byte> recipient) {
  auto dh = x25519(own, other_public);
  if (!dh) return std::move(dh).error();
  SecretJoin kem_context(enc.size() + recipient.size());
  kem_context.add(enc).add(recipient);
  const privacy::SecretBytes secret = labeled_extract(kem_suite, {}, "eae_prk", dh->span());
  return labeled_expand(kem_suite, secret, "shared_secret", kem_context.span(), hash_bytes);
}

Result<HpkeSchedule> hpke_key_schedule(const privacy::SecretBytes& shared_secret, sync::ByteSpan info) {
  HpkeSchedule schedule;
  const privacy::SecretBytes psk_id_hash = labeled_extract(hpke_suite, {}, "psk_id_hash", {});
  const privacy::SecretBytes info_hash = labeled_extract(hpke_suite, {}, "info_hash", info);
  // The mode, which comes first, is 0 in base mode.
  auto place = std::copy(psk_id_hash.span().begin(), psk_id_hash.span().end(), schedule.context.begin() + 1);
  std::copy(info_hash.span().begin(), info_hash.span().end(), place);

  schedule.secret = labeled_extract(hpke_suite, shared_secret.span(), "secret", {});
  schedule.key = labeled_expand(hpke_suite, schedule.secret, "key", schedule.context, aead_key_bytes);
  const privacy::SecretBytes nonce =
      labeled_expand(hpke_suite, schedule.secret, "base_nonce", schedule.context, aead_nonce_bytes);
  std::copy(nonce.span().begin(), nonce.span().end(), schedule.base_nonce.begin());
  schedule.exporter_secret = labeled_expand(hpke_suite, schedule.secret, "exp", schedule.context, hash_bytes);
  return schedule;
}

Result<sync::HpkeCiphertext> hpke_seal(const sync::HpkeConfig& recipient, sync::ByteSpan info, sync::ByteSpan aad,
                                       sync::ByteSpan plaintext, privacy::Entropy& entropy) {
  if (recipient.kem_id != sync::kem_x25519_hkdf_sha256 || recipient.kdf_id != sync::kdf_hkdf_sha256 ||
      recipient.aead_id != sync::aead_aes_128_gcm) {
    return Error{ErrorCode::unsupported, "HPKE suite " + std::to_string(recipient.kem_id) + ", " +
                                             std::to_string(recipient.kdf_id) + ", " +
                                             std::to_string(recipient.aead_id) + " is not supported"};
  }
  if (recipient.public_key.size() != hpke_key_bytes) {
    return Error{ErrorCode::invalid_argument,
                 "the recipient's HPKE key has " + std::to_string(recipient.public_key.size()) + " bytes, expected 32"};
  }
  if (Status sizes = check_sizes(info, aad, plaintext.size()); !sizes) return std::move(sizes).error();

  auto ephemeral = generate_hpke_key_pair(entropy);
  if (!ephemeral) return std::move(ephemeral).error();
  auto shared = hpke_shared_secret(*ephemeral, recipient.public_key, ephemeral->public_key, recipient.public_key);
  if (!shared) {
    return Error{shared.error().code == ErrorCode::mismatch ? ErrorCode::invalid_argument : shared.error().code,
                 shared.error().detail};
  }
  auto schedule = hpke_key_schedule(*shared, info);
  if (!schedule) return std::move(schedule).error();

  sync::HpkeCiphertext sealed;
  sealed.config_id = recipient.id;
  sealed.enc.assign(ephemeral->public_key.begin(), ephemeral->public_key.end());
  sealed.payload.resize(plaintext.size() + hpke_tag_bytes);
  const std::span out(sealed.payload);
  const CipherContext context = aes_gcm(*schedule, aad, Direction::seal);
  int written = 0;
  if (!context ||
      (!plaintext.empty() && ::EVP_CipherUpdate(context.get(), writable_chars(out), &written, chars(plaintext),
                                                static_cast<int>(plaintext.size())) != 1) ||
      ::EVP_CipherFinal_ex(context.get(), writable_chars(out.subspan(plaintext.size())), &written) != 1 ||
      ::EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(hpke_tag_bytes),
                            out.subspan(plaintext.size()).data()) != 1) {
    return openssl_error("encrypt with AES-128-GCM");
  }
  return sealed;
}

Result<privacy::SecretBytes> hpke_open(const HpkeKeyPair& recipient, const sync::HpkeCiphertext& ciphertext,
                                       sync::ByteSpan info, sync::ByteSpan aad) {
  if (ciphertext.enc.size() != hpke_key_bytes) {
    return Error{ErrorCode::malformed,
                 "an encapsulated key has " + std::to_string(ciphertext.enc.size()) + " bytes, expected 32"};
  }
  if (ciphertext.payload.size() < hpke_tag_bytes) {
    return Error{ErrorCode::malformed,
                 "a ciphertext of " + std::to_string(ciphertext.payload.size()) + " bytes has no tag"};
  }
  const std::size_t size = ciphertext.payload.size() - hpke_tag_bytes;
  if (Status sizes = check_sizes(info, aad, size); !sizes) return std::move(sizes).error();

  auto shared = hpke_shared_secret(recipient, ciphertext.enc, ciphertext.enc, recipient.public_key);
  if (!shared) return std::move(shared).error();
  auto schedule = hpke_key_schedule(*shared, info);
  if (!schedule) return std::move(schedule).error();

  const CipherContext context = aes_gcm(*schedule, aad, Direction::open);
  if (!context) return openssl_error("decrypt with AES-128-GCM");
  privacy::SecretBytes plaintext(size);
  const sync::ByteSpan body = sync::ByteSpan(ciphertext.payload).first(size);
  std::array<std::byte, hpke_tag_bytes> tag{};
  std::copy(ciphertext.payload.end() - static_cast<std::ptrdiff_t>(tag.size()), ciphertext.payload.end(), tag.begin());
  int written = 0;
  // The final step writes nothing in this mode.
  std::array<unsigned char, 16> rest{};
  if ((!body.empty() && ::EVP_CipherUpdate(context.get(), writable_chars(plaintext.span()), &written, chars(body),
                                           static_cast<int>(body.size())) != 1) ||
      ::EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), tag.data()) != 1 ||
      ::EVP_CipherFinal_ex(context.get(), rest.data(), &written) != 1) {
    return Error{ErrorCode::mismatch, "the ciphertext does not belong to this key, info and associated data"};
  }
  return plaintext;
}

}  // namespace sotto::aggregate
