#include <sotto/aggregate/system_entropy.hpp>

#include <sotto/aggregate/internal/openssl.hpp>

#include <openssl/rand.h>

#include <limits>

namespace sotto::aggregate {

Status SystemEntropy::fill(std::span<std::byte> out) {
  if (out.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      ::RAND_bytes(writable_chars(out), static_cast<int>(out.size())) != 1) {
    return openssl_error("get random bytes");
  }
  return Ok{};
}

}  // namespace sotto::aggregate
