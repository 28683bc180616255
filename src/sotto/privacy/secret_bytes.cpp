#include <sotto/privacy/secret_bytes.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace sotto::privacy {

SecretBytes::SecretBytes(std::size_t size) : bytes_(std::make_unique<std::byte[]>(size)), size_(size) {}

SecretBytes::SecretBytes(std::span<const std::byte> copied) : SecretBytes(copied.size()) {
  std::copy(copied.begin(), copied.end(), bytes_.get());
}

SecretBytes::~SecretBytes() { wipe(); }

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_(std::move(other.bytes_)), begin_(std::exchange(other.begin_, 0)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  bytes_ = std::move(other.bytes_);
  begin_ = std::exchange(other.begin_, 0);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

void SecretBytes::wipe() noexcept {
  if (!bytes_) return;
  std::memset(bytes_.get(), 0, begin_ + size_);
  // A compiler would leave out writes to memory that nobody reads any more.
  asm volatile("" : : "r"(bytes_.get()) : "memory");
}

}  // namespace sotto::privacy
