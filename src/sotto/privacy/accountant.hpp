// What a series of noisy releases costs a user: (epsilon, delta)-differential privacy. Noise is relative to the
// sensitivity: with the sensitivity 1 of a one-hot vector that is added or left out, it is the deviation in counts.
//
// There are three kinds of figures. The Rényi bound is proven for the discrete Gaussian as for the continuous one. The
// exact figure of Gaussian noise (gaussian_privacy.hpp) is for the continuous one. The exact figure of Laplace noise is
// for the discrete one.
#pragma once

#include <sotto/base/result.hpp>

#include <array>
#include <cstdint>

namespace sotto::privacy {

// Adds up Rényi divergences at a fixed list of orders, from 1.01 to 512: the list of Google's dp-accounting, so that
// the figures are comparable digit by digit.
class RenyiAccountant {
 public:
  static constexpr std::size_t order_count = 156;

  // Gaussian noise, released `releases` times. Legal: noise > 0.
  void add_gaussian(double noise, double releases) noexcept;

  // Gaussian noise on a sum in which each user takes part with the probability `rate`, drawn anew for each release
  // (Poisson sampling): Mironov, Talwar and Zhang, "Rényi Differential Privacy of the Sampled Gaussian Mechanism"
  // (arXiv 1908.10530), section 3.3. At orders that are not whole, the terms of the series count with their magnitudes,
  // which is an upper bound and differs in digits that nobody prints. Nothing in private sync claims this; it is for
  // comparison. Legal: noise > 0, rate from 0 to 1.
  void add_sampled_gaussian(double noise, double rate, double releases) noexcept;

  // The smallest epsilon over the orders, by the conversion of Canonne, Kamath and Steinke (arXiv 2004.00010,
  // proposition 12), which is also that of Balle and others (arXiv 2001.05990, equation 20). Legal: 0 < delta < 1.
  [[nodiscard]] double epsilon(double delta) const noexcept;

  // The same by the older conversion of Mironov (arXiv 1702.07476, proposition 3). It is never smaller by more than
  // rounding, and is here to compare with older figures. Legal: 0 < delta < 1.
  [[nodiscard]] double epsilon_by_old_conversion(double delta) const noexcept;

 private:
  std::array<double, order_count> divergences_{};
};

// Legal for all below: noise > 0, scale > 0, releases ≥ 1 and whole, epsilon > 0, 0 < delta < 1.

// Gaussian noise, by Rényi divergence.
[[nodiscard]] double gaussian_epsilon_by_renyi(double noise, double releases, double delta) noexcept;
// The smallest noise for which the Rényi bound is at most epsilon, to a relative error of 1e-12.
[[nodiscard]] double gaussian_noise_by_renyi(double epsilon, double releases, double delta) noexcept;

// Continuous Gaussian noise, exactly.
[[nodiscard]] double gaussian_epsilon_exact(double noise, double releases, double delta) noexcept;
[[nodiscard]] double gaussian_noise_exact(double epsilon, double releases, double delta) noexcept;

// Discrete Gaussian noise, exactly for the sensitivity 1. The sum of the releases has all that they tell, and is itself
// a discrete Gaussian, to 16 digits from the noise 2 on (Poisson summation). Legal: noise ≥ 2. Where noise · √releases
// is above 20,000, the figure is that of continuous noise, which has the same 9 digits there.
[[nodiscard]] double discrete_gaussian_epsilon(double noise, double releases, double delta) noexcept;

// Discrete Laplace noise with P(x) ∝ exp(-|x| / scale), exactly. A release tells its reader one of two things, for or
// against the user's part in it, as randomized response does. So the composition is a binomial distribution. With the
// sensitivity 1, the pure bound is releases / scale.
[[nodiscard]] double laplace_delta(double scale, std::uint32_t releases, double epsilon) noexcept;
[[nodiscard]] double laplace_epsilon(double scale, std::uint32_t releases, double delta) noexcept;
[[nodiscard]] double laplace_scale_for(double epsilon, std::uint32_t releases, double delta) noexcept;

}  // namespace sotto::privacy
