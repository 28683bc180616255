// Bytes that are wiped before their memory is given back: keys, and what was decrypted.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace sotto::privacy {

class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);  // zeros
  explicit SecretBytes(std::span<const std::byte> copied);
  ~SecretBytes();
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::span<std::byte> span() noexcept { return {bytes_.get() + begin_, size_}; }
  [[nodiscard]] std::span<const std::byte> span() const noexcept { return {bytes_.get() + begin_, size_}; }
  // Leaves out the bytes at the front; they are wiped with the others. Precondition: count <= size().
  void remove_prefix(std::size_t count) noexcept {
    begin_ += count;
    size_ -= count;
  }

 private:
  void wipe() noexcept;

  std::unique_ptr<std::byte[]> bytes_;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;  // from there on, up to the end of the memory
};

}  // namespace sotto::privacy
