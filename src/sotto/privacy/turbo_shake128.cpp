#include <sotto/privacy/turbo_shake128.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace sotto::privacy {
namespace {

using Lanes = std::array<std::uint64_t, 25>;

// The last 12 of the 24 round constants of Keccak-f[1600].
constexpr std::uint64_t round_constants[12] = {
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

// The processor's instructions for "and not" and for rotations into another register take a quarter off a permutation.
#if defined(__x86_64__) && defined(__GNUC__)
#define SOTTO_KECCAK_BMI 1
#define SOTTO_INLINE [[gnu::always_inline]] inline
#else
#define SOTTO_KECCAK_BMI 0
#define SOTTO_INLINE inline
#endif

// The step chi: row y of `to` from the five lanes of a row.
SOTTO_INLINE void write_row(Lanes& to, std::size_t y, std::uint64_t a, std::uint64_t b, std::uint64_t c,
                            std::uint64_t d, std::uint64_t e) noexcept {
  to[5 * y] = a ^ (~b & c);
  to[5 * y + 1] = b ^ (~c & d);
  to[5 * y + 2] = c ^ (~d & e);
  to[5 * y + 3] = d ^ (~e & a);
  to[5 * y + 4] = e ^ (~a & b);
}

// One round. Lane x + 5 * y stands at column x and row y.
SOTTO_INLINE void round(const Lanes& a, Lanes& to, std::uint64_t constant) noexcept {
  const std::uint64_t c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
  const std::uint64_t c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
  const std::uint64_t c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
  const std::uint64_t c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
  const std::uint64_t c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
  const std::uint64_t d0 = c4 ^ std::rotl(c1, 1);
  const std::uint64_t d1 = c0 ^ std::rotl(c2, 1);
  const std::uint64_t d2 = c1 ^ std::rotl(c3, 1);
  const std::uint64_t d3 = c2 ^ std::rotl(c4, 1);
  const std::uint64_t d4 = c3 ^ std::rotl(c0, 1);
  // The steps rho and pi: each row of the result gathers a diagonal.
  write_row(to, 0, a[0] ^ d0, std::rotl(a[6] ^ d1, 44), std::rotl(a[12] ^ d2, 43), std::rotl(a[18] ^ d3, 21),
            std::rotl(a[24] ^ d4, 14));
  write_row(to, 1, std::rotl(a[3] ^ d3, 28), std::rotl(a[9] ^ d4, 20), std::rotl(a[10] ^ d0, 3),
            std::rotl(a[16] ^ d1, 45), std::rotl(a[22] ^ d2, 61));
  write_row(to, 2, std::rotl(a[1] ^ d1, 1), std::rotl(a[7] ^ d2, 6), std::rotl(a[13] ^ d3, 25),
            std::rotl(a[19] ^ d4, 8), std::rotl(a[20] ^ d0, 18));
  write_row(to, 3, std::rotl(a[4] ^ d4, 27), std::rotl(a[5] ^ d0, 36), std::rotl(a[11] ^ d1, 10),
            std::rotl(a[17] ^ d2, 15), std::rotl(a[23] ^ d3, 56));
  write_row(to, 4, std::rotl(a[2] ^ d2, 62), std::rotl(a[8] ^ d3, 55), std::rotl(a[14] ^ d4, 39),
            std::rotl(a[15] ^ d0, 41), std::rotl(a[21] ^ d1, 2));
  to[0] ^= constant;
}

// Keccak-p[1600, 12].
SOTTO_INLINE void permute_inline(Lanes& lanes) noexcept {
  Lanes other;
  for (std::size_t i = 0; i < 12; i += 2) {
    round(lanes, other, round_constants[i]);
    round(other, lanes, round_constants[i + 1]);
  }
}

#if SOTTO_KECCAK_BMI
[[gnu::target("bmi,bmi2")]] void permute_bmi(Lanes& lanes) noexcept { permute_inline(lanes); }
#endif

void permute(Lanes& lanes) noexcept {
#if SOTTO_KECCAK_BMI
  static const bool has_bmi = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  if (has_bmi) return permute_bmi(lanes);
#endif
  permute_inline(lanes);
}

// XORs bytes into the lanes, which are little-endian as the processor's words.
void xor_bytes(Lanes& lanes, std::size_t position, std::span<const std::byte> bytes) noexcept {
  auto* to = reinterpret_cast<std::byte*>(lanes.data()) + position;
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= bytes.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t lane = 0;
    std::uint64_t word = 0;
    std::memcpy(&lane, to + i, sizeof lane);
    std::memcpy(&word, bytes.data() + i, sizeof word);
    lane ^= word;
    std::memcpy(to + i, &lane, sizeof lane);
  }
  for (; i < bytes.size(); ++i) to[i] ^= bytes[i];
}

}  // namespace

void TurboShake128::absorb(std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const std::size_t taken = std::min(rate_bytes - position_, bytes.size());
    xor_bytes(lanes_, position_, bytes.first(taken));
    bytes = bytes.subspan(taken);
    position_ += taken;
    if (position_ == rate_bytes) {
      permute(lanes_);
      position_ = 0;
    }
  }
}

void TurboShake128::finish(std::uint8_t domain) noexcept {
  const std::byte first{domain};
  const std::byte last{0x80};
  xor_bytes(lanes_, position_, {&first, 1});
  xor_bytes(lanes_, rate_bytes - 1, {&last, 1});
  permute(lanes_);
  position_ = 0;
}

void TurboShake128::squeeze(std::span<std::byte> out) noexcept {
  while (!out.empty()) {
    if (position_ == rate_bytes) {
      permute(lanes_);
      position_ = 0;
    }
    const std::size_t given = std::min(rate_bytes - position_, out.size());
    std::memcpy(out.data(), reinterpret_cast<const std::byte*>(lanes_.data()) + position_, given);
    out = out.subspan(given);
    position_ += given;
  }
}

}  // namespace sotto::privacy
