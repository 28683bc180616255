// Discrete noise, drawn exactly: the discrete Gaussian and the discrete Laplace distribution of Canonne, Kamath and
// Steinke, "The Discrete Gaussian for Differential Privacy" (arXiv 2004.00010). All decisions are made by integers and
// uniform random bits, so no rounding of floating-point numbers leaks what the noise hides. The time of a draw depends
// on the noise; it must not be shown to those who must not know the noise.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/entropy.hpp>

#include <cstdint>
#include <span>

namespace sotto::privacy {

enum class Mechanism : std::uint8_t { gaussian = 1, laplace = 2 };

// A positive rational number. Legal: both ≥ 1.
struct Ratio {
  std::uint32_t numerator = 1;
  std::uint32_t denominator = 1;

  friend bool operator==(const Ratio&, const Ratio&) = default;
};

// The deviation z is in counts, which for sensitivity 1 is also the noise multiplier.
//   gaussian: P(x) ∝ exp(-x² / 2z²). Its deviation is at most z, and equals z in all digits that matter from z = 1 on.
//   laplace: P(x) ∝ exp(-|x| / b) with the scale b = laplace_scale(z), which is z / √2. Its deviation is that of the
//     continuous distribution, z, less about 1 / (12 z).
struct Noise {
  Mechanism mechanism = Mechanism::gaussian;
  Ratio deviation;
};

// The scale b of the Laplace noise that add_noise() draws: z · 985 / 1393, which exceeds z / √2 by 3 parts in 10
// million.
struct LaplaceScale {
  std::uint64_t numerator;
  std::uint64_t denominator;
};
[[nodiscard]] LaplaceScale laplace_scale(Ratio deviation) noexcept;

// Adds independent noise to each value. Takes about 110 random bytes for each value, and reads them in blocks of 4 KiB.
// All values change, or none does.
// Errors: invalid_argument if a part of the deviation is 0; out_of_range if a value's magnitude is above 2^62; io if
// the entropy fails, or if its bytes repeat in a way that has a chance below 2^-250 with random ones.
[[nodiscard]] Status add_noise(std::span<std::int64_t> values, const Noise& noise, Entropy& entropy);

}  // namespace sotto::privacy
