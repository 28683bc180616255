#include <sotto/privacy/accountant.hpp>
#include <sotto/privacy/gaussian_privacy.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sotto::privacy {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr std::array<double, RenyiAccountant::order_count> orders = [] {
  std::array<double, RenyiAccountant::order_count> all{};
  std::size_t count = 0;
  for (int tenths = 1; tenths < 100; ++tenths) all[count++] = 1 + tenths / 10.0;
  for (int whole = 11; whole < 64; ++whole) all[count++] = whole;
  for (int power = 128; power <= 1024; power *= 2) all[count++] = power;
  return all;
}();

double log_add(double a, double b) noexcept {
  if (a < b) std::swap(a, b);
  return b == -infinity ? a : a + std::log1p(std::exp(b - a));
}

// log P(X > x) of the standard normal distribution.
double log_normal_tail(double x) noexcept {
  constexpr double log_root_of_2_pi = 0.91893853320467274178;
  if (x < 0) return std::log1p(-std::exp(log_normal_tail(-x)));
  return -x * x / 2 - log_root_of_2_pi + std::log(mills_ratio(x));
}

// The logarithm of the moment A of arXiv 1908.10530 at a whole order.
double log_moment_whole(double noise, double rate, int order) noexcept {
  double sum = -infinity;
  double log_binomial = 0;
  for (int i = 0; i <= order; ++i) {
    const double term = log_binomial + i * std::log(rate) + (order - i) * std::log1p(-rate) +
                        (static_cast<double>(i) * i - i) / (2 * noise * noise);
    sum = log_add(sum, term);
    log_binomial += std::log((order - i) / (i + 1.0));
  }
  return sum;
}

// The same at any order above 1, as two infinite series that meet at z0. Infinite where they do not converge.
double log_moment(double noise, double rate, double order) noexcept {
  constexpr int max_terms = 1000;
  const double log_rate = std::log(rate);
  const double log_rest = std::log1p(-rate);
  const double z0 = noise * noise * std::log(1 / rate - 1) + 0.5;
  double sum = -infinity;
  double log_binomial = 0;
  double last_below = -infinity;
  double last_above = -infinity;
  for (int i = 0; i < max_terms; ++i) {
    const double j = order - i;
    const double below = log_binomial + i * log_rate + j * log_rest +
                         (static_cast<double>(i) * i - i) / (2 * noise * noise) + log_normal_tail((i - z0) / noise);
    const double above = log_binomial + j * log_rate + i * log_rest + (j * j - j) / (2 * noise * noise) +
                         log_normal_tail((z0 - j) / noise);
    sum = log_add(sum, log_add(below, above));
    // exp(-30) of the sum is beyond the digits that count, once both series fall.
    if (below < last_below && above < last_above && std::max(below, above) < sum - 30) return sum;
    last_below = below;
    last_above = above;
    log_binomial += std::log(std::fabs(j) / (i + 1));
  }
  return infinity;
}

// The divergence of one release at an order, with sampling.
double sampled_divergence(double noise, double rate, double order) noexcept {
  if (rate <= 0) return 0;
  if (rate >= 1) return order / (2 * noise * noise);
  const bool whole = order == std::floor(order);
  return (whole ? log_moment_whole(noise, rate, static_cast<int>(order)) : log_moment(noise, rate, order)) /
         (order - 1);
}

// Finds the smallest x ≥ 0 for which `holds`, which is false below some x and true above it.
template <class Holds>
double smallest(Holds holds) noexcept {
  double low = 0;
  double high = 1;
  for (; !holds(high) && high < 1e300; high *= 2) low = high;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (holds(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

void RenyiAccountant::add_gaussian(double noise, double releases) noexcept {
  for (std::size_t i = 0; i < order_count; ++i) divergences_[i] += releases * orders[i] / (2 * noise * noise);
}

void RenyiAccountant::add_sampled_gaussian(double noise, double rate, double releases) noexcept {
  for (std::size_t i = 0; i < order_count; ++i)
    divergences_[i] += releases * sampled_divergence(noise, rate, orders[i]);
}

double RenyiAccountant::epsilon(double delta) const noexcept {
  double best = infinity;
  for (std::size_t i = 0; i < order_count; ++i) {
    const double order = orders[i];
    const double divergence = divergences_[i];
    // The total variation is at most √(1 - e^-divergence).
    if (delta * delta + std::expm1(-divergence) > 0) return 0;
    best = std::min(best, divergence + std::log1p(-1 / order) - std::log(delta * order) / (order - 1));
  }
  return std::max(best, 0.0);
}

double RenyiAccountant::epsilon_by_old_conversion(double delta) const noexcept {
  double best = infinity;
  for (std::size_t i = 0; i < order_count; ++i)
    best = std::min(best, divergences_[i] - std::log(delta) / (orders[i] - 1));
  return std::max(best, 0.0);
}

double gaussian_epsilon_by_renyi(double noise, double releases, double delta) noexcept {
  RenyiAccountant accountant;
  accountant.add_gaussian(noise, releases);
  return accountant.epsilon(delta);
}

double gaussian_noise_by_renyi(double epsilon, double releases, double delta) noexcept {
  return smallest([=](double noise) { return gaussian_epsilon_by_renyi(noise, releases, delta) <= epsilon; });
}

double gaussian_epsilon_exact(double noise, double releases, double delta) noexcept {
  return gaussian_epsilon(std::sqrt(releases) / noise, delta);
}

double gaussian_noise_exact(double epsilon, double releases, double delta) noexcept {
  return std::sqrt(releases) / gaussian_mu(epsilon, delta);
}

double discrete_gaussian_epsilon(double noise, double releases, double delta) noexcept {
  const double deviation = noise * std::sqrt(releases);
  if (deviation > 20'000) return gaussian_epsilon_exact(noise, releases, delta);
  // Beyond 12 deviations there is less than 1e-32.
  const double reach = std::ceil(12 * deviation);
  double total = 0;
  for (double x = -reach; x <= reach; ++x) total += std::exp(-x * x / (2 * deviation * deviation));
  return smallest([=](double epsilon) {
    // The sum x of the noise has the privacy loss (releases - 2 x) / (2 noise²).
    double excess = 0;
    for (double x = -reach; x <= reach; ++x) {
      const double loss = (releases - 2 * x) / (2 * noise * noise);
      if (loss <= epsilon) break;
      excess -= std::exp(-x * x / (2 * deviation * deviation)) * std::expm1(epsilon - loss);
    }
    return excess / total <= delta;
  });
}

double laplace_delta(double scale, std::uint32_t releases, double epsilon) noexcept {
  // A release's privacy loss is rate with the probability e^rate / (1 + e^rate), and -rate otherwise.
  const double rate = 1 / scale;
  const double log_for = -std::log1p(std::exp(-rate));
  const double log_against = log_for - rate;
  double log_binomial = 0;
  double delta = 0;
  // From the largest loss down. `against` releases of all tell their reader the opposite.
  for (std::uint32_t against = 0; against <= releases; ++against) {
    const double loss = rate * (static_cast<double>(releases) - 2.0 * against);
    if (loss <= epsilon) break;
    const double log_probability = log_binomial + (releases - against) * log_for + against * log_against;
    delta += std::exp(log_probability) * -std::expm1(epsilon - loss);
    log_binomial += std::log((releases - against) / (against + 1.0));
  }
  return delta;
}

double laplace_epsilon(double scale, std::uint32_t releases, double delta) noexcept {
  return smallest([=](double epsilon) { return laplace_delta(scale, releases, epsilon) <= delta; });
}

double laplace_scale_for(double epsilon, std::uint32_t releases, double delta) noexcept {
  return smallest([=](double scale) { return laplace_delta(scale, releases, epsilon) <= delta; });
}

}  // namespace sotto::privacy
