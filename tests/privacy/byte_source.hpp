// Reproducible bytes for tests. They are not secret.
#pragma once

#include <sotto/base/random.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::privacy {

class ByteSource {
 public:
  explicit ByteSource(std::uint64_t seed) : random_(seed) {}

  void fill(std::span<std::byte> out) {
    for (std::byte& byte : out) byte = static_cast<std::byte>(random_.below(256));
  }
  [[nodiscard]] std::vector<std::byte> bytes(std::size_t count) {
    std::vector<std::byte> out(count);
    fill(out);
    return out;
  }
  [[nodiscard]] std::uint64_t word() {
    const std::uint64_t high = random_.below(0xffff'ffff);
    return high << 32 | random_.below(0xffff'ffff);
  }
  [[nodiscard]] std::size_t below(std::size_t bound) { return random_.below(static_cast<std::uint32_t>(bound)); }

 private:
  Random random_;
};

}  // namespace sotto::privacy
