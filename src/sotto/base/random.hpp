// A small seeded generator. The same seed gives the same numbers on every machine and in every build. The algorithm is
// xoshiro256** (Blackman and Vigna, 2018), seeded by SplitMix64. It is not suitable for cryptography.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace sotto {

class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept {
    for (auto& word : state_) word = split_mix(seed);
  }

  // Uniform over all 64-bit values.
  std::uint64_t next() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // The result is uniform over 0 … bound - 1. Legal: bound ≥ 1. The method is multiply-shift, with a bias below bound /
  // 2^32.
  std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }

  // The result is uniform in [0, 1) and a multiple of 2^-24.
  float uniform() noexcept { return static_cast<float>(next() >> 40) * 0x1p-24F; }

  // The generator's whole state. A checkpoint stores it and restores the generator from it.
  [[nodiscard]] const std::array<std::uint64_t, 4>& state() const noexcept { return state_; }
  void restore(const std::array<std::uint64_t, 4>& state) noexcept { state_ = state; }

 private:
  static std::uint64_t split_mix(std::uint64_t& seed) noexcept {
    seed += 0x9e3779b97f4a7c15U;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace sotto
