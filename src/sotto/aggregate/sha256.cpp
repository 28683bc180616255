#include <sotto/aggregate/sha256.hpp>

#include <sotto/aggregate/internal/openssl.hpp>

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

namespace sotto::aggregate {

sync::Sha256 sha256(sync::ByteSpan bytes) noexcept {
  sync::Sha256 digest{};
  ::SHA256(chars(bytes), bytes.size(), writable_chars(digest));
  return digest;
}

sync::Sha256 hmac_sha256(sync::ByteSpan key, sync::ByteSpan bytes) noexcept {
  // OpenSSL takes a null key as "the one before".
  static constexpr unsigned char no_bytes = 0;
  sync::Sha256 code{};
  ::HMAC(::EVP_sha256(), key.empty() ? &no_bytes : chars(key), static_cast<int>(key.size()),
         bytes.empty() ? &no_bytes : chars(bytes), bytes.size(), writable_chars(code), nullptr);
  return code;
}

bool are_equal_in_constant_time(const sync::Sha256& a, const sync::Sha256& b) noexcept {
  return ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sotto::aggregate
