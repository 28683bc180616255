// The privacy of Gaussian noise, exactly: Balle and Wang, "Improving the Gaussian Mechanism for Differential Privacy"
// (arXiv 1805.06530), theorem 8. It is small, because the module that a page downloads has it too.
//
// A release has the parameter mu = sensitivity / deviation. Releases compose exactly: k of them with the same noise are
// one of √k · mu, and others of √(Σ mu²).
//
// These figures are for continuous noise. For the discrete noise that is really drawn, epsilon differs by up to 0.03 %
// at the deviation 8 and 0.3 % at 4, upwards or downwards. accountant.hpp has the figure for the discrete noise, and a
// bound that is proven for both.
#pragma once

namespace sotto::privacy {

// Mills' ratio of the standard normal distribution: P(X > x) / density(x). Relative error below 1e-13 for x ≥ 0, and of
// P(X > x) everywhere. Legal: x ≥ -37.
[[nodiscard]] double mills_ratio(double x) noexcept;

// The smallest delta for which the release is (epsilon, delta)-differentially private, with an absolute error below
// 1e-15. Legal: mu ≥ 0, epsilon ≥ 0.
[[nodiscard]] double gaussian_delta(double mu, double epsilon) noexcept;

// The smallest epsilon, with an error below 1e-9 for a delta from 1e-9 on. 0 if mu is 0. Legal: mu from 0 to 1e6, 0 <
// delta < 1.
[[nodiscard]] double gaussian_epsilon(double mu, double delta) noexcept;

// The largest mu for which the release is (epsilon, delta)-differentially private. Legal: epsilon ≥ 0, 0 < delta < 1.
[[nodiscard]] double gaussian_mu(double epsilon, double delta) noexcept;

}  // namespace sotto::privacy
