#include <sotto/aggregate/sha256.hpp>

#include <sotto/aggregate/internal/openssl.hpp>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#include <array>
#include <cstdlib>

namespace sotto::aggregate {

sync::Sha256 sha256(sync::ByteSpan bytes) noexcept {
  sync::Sha256 digest{};
  ::SHA256(chars(bytes), bytes.size(), writable_chars(digest));
  return digest;
}

sync::Sha256 hmac_sha256(sync::ByteSpan key, sync::ByteSpan bytes) noexcept {
  // OpenSSL takes a null key as "the one before".
  static constexpr unsigned char no_bytes = 0;
  // To look the algorithm up takes longer than to run it.
  static const Mac hmac(::EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
  static char digest[] = OSSL_DIGEST_NAME_SHA2_256;
  const std::array parameters{::OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                              ::OSSL_PARAM_construct_end()};
  sync::Sha256 code{};
  const MacContext context(::EVP_MAC_CTX_new(hmac.get()));
  std::size_t size = 0;
  // Memory alone can be missing here, and then nothing goes on.
  if (!context ||
      ::EVP_MAC_init(context.get(), key.empty() ? &no_bytes : chars(key), key.size(), parameters.data()) != 1 ||
      ::EVP_MAC_update(context.get(), bytes.empty() ? &no_bytes : chars(bytes), bytes.size()) != 1 ||
      ::EVP_MAC_final(context.get(), writable_chars(code), &size, code.size()) != 1) {
    std::abort();
  }
  return code;
}

bool are_equal_in_constant_time(const sync::Sha256& a, const sync::Sha256& b) noexcept {
  return ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sotto::aggregate
