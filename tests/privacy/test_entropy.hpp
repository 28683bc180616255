// Sources of bytes for tests of the privacy room: reproducible ones, and ones that fail.
#pragma once

#include <sotto/base/random.hpp>
#include <sotto/privacy/entropy.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace sotto::test {

// Fast bytes for statistics.
class SeededEntropy final : public privacy::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : random_(seed) {}

  Status fill(std::span<std::byte> out) override {
    while (!out.empty()) {
      const std::uint64_t word = random_.next();
      const std::size_t size = out.size() < sizeof word ? out.size() : sizeof word;
      std::memcpy(out.data(), &word, size);
      out = out.subspan(size);
    }
    return Ok{};
  }

 private:
  Random random_;
};

class ConstantEntropy final : public privacy::Entropy {
 public:
  explicit ConstantEntropy(std::byte value) : value_(value) {}
  Status fill(std::span<std::byte> out) override {
    for (std::byte& byte : out) byte = value_;
    return Ok{};
  }

 private:
  std::byte value_;
};

// Gives seeded bytes a number of times, and then fails.
class FailingEntropy final : public privacy::Entropy {
 public:
  explicit FailingEntropy(unsigned fills) : fills_(fills) {}
  Status fill(std::span<std::byte> out) override {
    if (fills_ == 0) return Error{ErrorCode::io, "the test's entropy has failed"};
    --fills_;
    return seeded_.fill(out);
  }

 private:
  unsigned fills_;
  SeededEntropy seeded_{1};
};

// The stream of XofTurboShake128 without context and binder, of the seed 00 01 02 … 1f: TurboSHAKE128 (RFC 9861) with
// the domain byte 1 over the empty context's length, the seed's length and the seed. The published vectors of discrete
// Gaussians are made of it. It is a second, plain implementation, written to be read.
class VectorEntropy final : public privacy::Entropy {
 public:
  VectorEntropy() {
    std::array<std::uint8_t, rate> block{};
    block[2] = 32;
    for (std::uint8_t i = 0; i < 32; ++i) block[3 + i] = i;
    block[35] = 1;
    block[rate - 1] ^= 0x80;
    for (std::size_t i = 0; i < rate; ++i) lanes_[i / 8] ^= std::uint64_t{block[i]} << (i % 8 * 8);
    permute();
  }

  Status fill(std::span<std::byte> out) override {
    for (std::byte& byte : out) {
      if (position_ == rate) {
        permute();
        position_ = 0;
      }
      byte = static_cast<std::byte>(lanes_[position_ / 8] >> (position_ % 8 * 8));
      ++position_;
    }
    return Ok{};
  }

 private:
  static constexpr std::size_t rate = 168;

  // Keccak-p[1600, 12]: the last 12 rounds of Keccak-f[1600] (FIPS 202).
  void permute() {
    static constexpr std::array<std::uint64_t, 12> round_constants = {
        0x000000008000808BU, 0x800000000000008BU, 0x8000000000008089U, 0x8000000000008003U,
        0x8000000000008002U, 0x8000000000000080U, 0x000000000000800AU, 0x800000008000000AU,
        0x8000000080008081U, 0x8000000000008080U, 0x0000000080000001U, 0x8000000080008008U};
    auto& a = lanes_;
    for (const std::uint64_t constant : round_constants) {
      std::array<std::uint64_t, 5> parity{};
      for (std::size_t i = 0; i < 25; ++i) parity[i % 5] ^= a[i];
      for (std::size_t i = 0; i < 25; ++i) a[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
      // rho and pi along the one cycle of 24 lanes
      std::uint64_t moved = a[1];
      std::size_t x = 1;
      std::size_t y = 0;
      for (int t = 0; t < 24; ++t) {
        const std::size_t next = (2 * x + 3 * y) % 5;
        x = y;
        y = next;
        const std::uint64_t replaced = a[x + 5 * y];
        a[x + 5 * y] = std::rotl(moved, (t + 1) * (t + 2) / 2 % 64);
        moved = replaced;
      }
      for (std::size_t row = 0; row < 25; row += 5) {
        const std::array<std::uint64_t, 5> old = {a[row], a[row + 1], a[row + 2], a[row + 3], a[row + 4]};
        for (std::size_t i = 0; i < 5; ++i) a[row + i] = old[i] ^ (~old[(i + 1) % 5] & old[(i + 2) % 5]);
      }
      a[0] ^= constant;
    }
  }

  std::array<std::uint64_t, 25> lanes_{};
  std::size_t position_ = 0;
};

}  // namespace sotto::test
