// OpenSSL's objects with owners, and bytes as it takes them. Only sources include it.
#pragma once

#include <sotto/base/result.hpp>

#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace sotto::aggregate {

struct FreePkey {
  void operator()(EVP_PKEY* key) const noexcept { ::EVP_PKEY_free(key); }
};
struct FreePkeyContext {
  void operator()(EVP_PKEY_CTX* context) const noexcept { ::EVP_PKEY_CTX_free(context); }
};
struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const noexcept { ::EVP_MD_CTX_free(context); }
};
struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { ::EVP_CIPHER_CTX_free(context); }
};
struct FreeMac {
  void operator()(EVP_MAC* mac) const noexcept { ::EVP_MAC_free(mac); }
};
struct FreeMacContext {
  void operator()(EVP_MAC_CTX* context) const noexcept { ::EVP_MAC_CTX_free(context); }
};
using Mac = std::unique_ptr<EVP_MAC, FreeMac>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMacContext>;
using Pkey = std::unique_ptr<EVP_PKEY, FreePkey>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, FreePkeyContext>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigestContext>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>;

// OpenSSL's bytes are unsigned char.
inline const unsigned char* chars(std::span<const std::byte> bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* writable_chars(std::span<std::byte> bytes) noexcept {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

inline Error openssl_error(const char* action) { return {ErrorCode::io, std::string("OpenSSL could not ") + action}; }

}  // namespace sotto::aggregate
