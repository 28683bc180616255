#include <sotto/numeric/activations.hpp>
#include <sotto/numeric/rounding.hpp>

#include <array>
#include <cstddef>

namespace sotto {
namespace {

constexpr int interval_bits = 7;  // an interval spans 2^7 units of Q3.12, that is 1/32
constexpr std::size_t intervals = 65536U >> interval_bits;

// One entry more than intervals: the last one's right end. Entries are Q0.15.
using Table = std::array<std::int16_t, intervals + 1>;

// e^x for |x| ≤ 16, to about 1e-15: 16 squarings of the Taylor series at x / 2^16. Computed by the compiler,
// so that no machine's libm has a say in the bits.
consteval double exponential(double x) {
  const double small = x / 65536.0;
  double value = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4)));
  for (int i = 0; i < 16; ++i) value *= value;
  return value;
}

consteval std::int16_t to_q15(double value) {
  const double scaled = value * 32768.0;
  const auto rounded = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  return static_cast<std::int16_t>(rounded > 32767 ? 32767 : rounded < -32767 ? -32767 : rounded);
}

consteval double table_input(std::size_t i) { return static_cast<double>(i) / 32.0 - 8.0; }

consteval Table sigmoid_table() {
  Table table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = to_q15(1.0 / (1.0 + exponential(-table_input(i))));
  return table;
}

consteval Table tanh_table() {
  Table table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double e = exponential(2.0 * table_input(i));
    table[i] = to_q15((e - 1.0) / (e + 1.0));
  }
  return table;
}

constexpr Table sigmoid_entries = sigmoid_table();
constexpr Table tanh_entries = tanh_table();

std::int16_t interpolate(const Table& table, std::int16_t x_q12) noexcept {
  const auto offset = static_cast<std::uint32_t>(std::int32_t{x_q12} + 32768);
  const std::size_t i = offset >> interval_bits;
  const auto fraction = static_cast<std::int64_t>(offset & ((1U << interval_bits) - 1));
  const std::int64_t left = table[i];
  const std::int64_t right = table[i + 1];
  return static_cast<std::int16_t>(left + round_shift((right - left) * fraction, interval_bits));
}

}  // namespace

std::int16_t sigmoid_q15(std::int16_t x_q12) noexcept { return interpolate(sigmoid_entries, x_q12); }
std::int16_t tanh_q15(std::int16_t x_q12) noexcept { return interpolate(tanh_entries, x_q12); }

}  // namespace sotto
