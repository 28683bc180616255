// Reproducible bytes for the noise of a simulation. For simulation only: noise that must hide something never comes
// from a seed.
#pragma once

#include <sotto/base/internal/bytes.hpp>
#include <sotto/base/random.hpp>
#include <sotto/privacy/entropy.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace sotto::simulate {

class SeededEntropy final : public privacy::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) noexcept : random_(seed) {}

  Status fill(std::span<std::byte> out) override {
    while (!out.empty()) {
      std::byte word[sizeof(std::uint64_t)];
      store_le(word, random_.next());
      const std::size_t count = std::min(sizeof word, out.size());
      std::memcpy(out.data(), word, count);
      out = out.subspan(count);
    }
    return Ok{};
  }

 private:
  Random random_;
};

}  // namespace sotto::simulate
