#include <sotto/privacy/gaussian_privacy.hpp>

#include <bit>
#include <cmath>
#include <cstdint>

namespace sotto::privacy {
namespace {

constexpr double root_of_2_pi = 2.50662827463100050242;

// Steps that halve an interval of doubles down to the last digits.
constexpr int bisection_steps = 100;

// e^x to 15 digits. The C library's has a table of 2 kB, which a page would download. Legal: x ≤ 700.
double exponential(double x) noexcept {
  if (x < -700) return 0;
  constexpr double log_2_high = 0x1.62e42fefa3800p-1;  // its last bits are zero, so that the product below is exact
  constexpr double log_2_low = 0x1.ef35793c76730p-45;
  const double power = std::floor(x * 1.44269504088896340736 + 0.5);
  const double rest = (x - power * log_2_high) - power * log_2_low;
  double sum = 1;
  for (int i = 14; i > 0; --i) sum = 1 + rest / i * sum;
  return sum * std::bit_cast<double>((static_cast<std::uint64_t>(static_cast<int>(power) + 1023)) << 52);
}

}  // namespace

double mills_ratio(double x) noexcept {
  if (x < 0) return root_of_2_pi * exponential(x * x / 2) - mills_ratio(-x);
  if (x < 3) {
    // P(0 < X < x) / density(x) = x + x³/3 + x⁵/(3·5) + …
    double term = x;
    double sum = x;
    for (int divisor = 3; term > sum * 1e-17; divisor += 2) {
      term *= x * x / divisor;
      sum += term;
    }
    return root_of_2_pi / 2 * exponential(x * x / 2) - sum;
  }
  // Laplace's continued fraction 1 / (x + 1 / (x + 2 / (x + 3 / …))), from its inside.
  double fraction = x;
  for (int i = 60; i > 0; --i) fraction = x + i / fraction;
  return 1 / fraction;
}

double gaussian_delta(double mu, double epsilon) noexcept {
  if (mu <= 0) return 0;
  // delta = P(X > a) - e^epsilon · P(X > b). Because e^epsilon · density(b) = density(a), no term overflows.
  const double a = epsilon / mu - mu / 2;
  const double b = epsilon / mu + mu / 2;
  const double density = exponential(-a * a / 2) / root_of_2_pi;
  const double upper = a < 0 ? 1 - density * mills_ratio(-a) : density * mills_ratio(a);
  return upper - density * mills_ratio(b);
}

double gaussian_epsilon(double mu, double delta) noexcept {
  if (gaussian_delta(mu, 0) <= delta) return 0;
  double low = 0;
  double high = mu;
  while (gaussian_delta(mu, high) > delta) high *= 2;
  for (int step = 0; step < bisection_steps; ++step) {
    const double middle = (low + high) / 2;
    (gaussian_delta(mu, middle) > delta ? low : high) = middle;
  }
  return high;
}

double gaussian_mu(double epsilon, double delta) noexcept {
  double low = 0;
  double high = 1;
  while (gaussian_delta(high, epsilon) <= delta) high *= 2;
  for (int step = 0; step < bisection_steps; ++step) {
    const double middle = (low + high) / 2;
    (gaussian_delta(middle, epsilon) <= delta ? low : high) = middle;
  }
  return low;
}

}  // namespace sotto::privacy
