#include <sotto/numeric/internal/activations.hpp>
#include <sotto/numeric/internal/rounding.hpp>

#include <array>
#include <cstddef>

namespace sotto {
namespace {

// The tables are computed when the program or the module starts, in some ten microseconds. A page would otherwise
// download 4 kB more. The code computes sums, products and quotients of doubles in one order, so that the bits do not
// depend on a machine's libm.

// Returns e^x for |x| ≤ 16, to about 1e-15, by 16 squarings of the Taylor series at x / 2^16.
[[gnu::cold, gnu::noinline]] double exponential(double x) {
  const double small = x / 65536.0;
  double value = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4)));
  for (int i = 0; i < 16; ++i) value *= value;
  return value;
}

std::int16_t to_q15(double value) {
  const double scaled = value * 32768.0;
  const auto rounded = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  return static_cast<std::int16_t>(rounded > 32767 ? 32767 : rounded < -32767 ? -32767 : rounded);
}

double table_input(std::size_t i) { return static_cast<double>(i) / 32.0 - 8.0; }

// The function is evaluated at both ends of each interval, in units of 1.
template <class Function>
ActivationTable make_table(Function function) {
  ActivationTable table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::int32_t left = to_q15(function(table_input(i)));
    const std::int32_t right = to_q15(function(table_input(i + 1)));
    table[i] = (left & 0xFFFF) | (right - left) * 65536;
  }
  return table;
}

double sigmoid(double x) { return 1.0 / (1.0 + exponential(-x)); }

double hyperbolic_tangent(double x) {
  const double e = exponential(2.0 * x);
  return (e - 1.0) / (e + 1.0);
}

std::int16_t interpolate(const ActivationTable& table, std::int16_t x_q12) noexcept {
  const auto offset = static_cast<std::uint32_t>(std::int32_t{x_q12} + 32768);
  const std::int32_t entry = table[offset >> activation_interval_bits];
  const auto left = static_cast<std::int16_t>(entry & 0xFFFF);
  const std::int32_t rise = entry >> 16;
  const auto fraction = static_cast<std::int32_t>(offset & ((1U << activation_interval_bits) - 1));
  return static_cast<std::int16_t>(left + round_shift(rise * fraction, activation_interval_bits));
}

}  // namespace

const ActivationTable sigmoid_table = make_table(sigmoid);
const ActivationTable tanh_table = make_table(hyperbolic_tangent);

std::int16_t sigmoid_q15(std::int16_t x_q12) noexcept { return interpolate(sigmoid_table, x_q12); }
std::int16_t tanh_q15(std::int16_t x_q12) noexcept { return interpolate(tanh_table, x_q12); }

}  // namespace sotto
