#include <sotto/serve/secrets.hpp>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <limits>

namespace sotto::serve {

Digest sha256(std::string_view bytes) noexcept {
  Digest digest{};
  // OpenSSL's bytes are unsigned char.
  ::SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

bool are_equal_in_constant_time(const Digest& a, const Digest& b) noexcept {
  return ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool system_entropy(std::span<std::byte> bytes) noexcept {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return false;
  return ::RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) == 1;
}

}  // namespace sotto::serve
