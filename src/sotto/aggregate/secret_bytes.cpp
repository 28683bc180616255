#include <sotto/aggregate/secret_bytes.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace sotto::aggregate {

SecretBytes::SecretBytes(std::size_t size) : bytes_(std::make_unique<std::byte[]>(size)), size_(size) {}

SecretBytes::SecretBytes(std::span<const std::byte> copied) : SecretBytes(copied.size()) {
  std::copy(copied.begin(), copied.end(), bytes_.get());
}

SecretBytes::~SecretBytes() { wipe(); }

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

void SecretBytes::wipe() noexcept {
  if (bytes_) ::OPENSSL_cleanse(bytes_.get(), size_);
}

}  // namespace sotto::aggregate
