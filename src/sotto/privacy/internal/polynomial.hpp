// Polynomials by their values at the powers of a root of unity (the Lagrange basis of draft-irtf-cfrg-vdaf, section
// 6.1.3). Loops depend on lengths alone, so that values may be secret.
#pragma once

#include <sotto/privacy/internal/field_algebra.hpp>
#include <sotto/privacy/internal/product_sum.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::privacy {

// Twice the values of polynomials that are given by n values: at the powers of the root of order n, the even powers of
// the root of order 2 * n. It computes the values at the odd ones.
template <class Field>
class OddValues {
 public:
  // Precondition: n is a power of two, and 2 * n at most 2^Field::roots_log2.
  explicit OddValues(std::size_t n) : roots_(n), scale_(n) {
    const auto log2_n = static_cast<unsigned>(std::countr_zero(n));
    const Field root = root_of_unity<Field>(log2_n);
    const Field shift = root_of_unity<Field>(log2_n + 1);
    Field scale = inverse(Field{n});
    Field power_of_root{1};
    for (std::size_t i = 0; i < n; ++i) {
      roots_[i] = power_of_root;
      scale_[reversed(i, log2_n)] = scale;
      power_of_root *= root;
      scale *= shift;
    }
  }

  // Replaces the n values at even powers by those at odd powers.
  //
  // From values to coefficients by decimation in frequency, in the order of reversed bits; coefficient i is multiplied
  // by shift^i / n; then from coefficients to values by decimation in time, back in the natural order.
  void compute(std::span<Field> values) const noexcept {
    const std::size_t n = roots_.size();
    for (std::size_t half = n / 2; half > 0; half /= 2) {
      const std::size_t stride = n / (2 * half);
      for (std::size_t block = 0; block < n; block += 2 * half) {
        Field* low = &values[block];
        Field* high = low + half;
        butterfly_first(low, high);
        for (std::size_t i = 1; i < half; ++i) {
          const Field sum = low[i] + high[i];
          high[i] = (low[i] - high[i]) * roots_[n - i * stride];
          low[i] = sum;
        }
      }
    }
    for (std::size_t i = 0; i < n; ++i) values[i] *= scale_[i];
    for (std::size_t half = 1; half < n; half *= 2) {
      const std::size_t stride = n / (2 * half);
      for (std::size_t block = 0; block < n; block += 2 * half) {
        Field* low = &values[block];
        Field* high = low + half;
        butterfly_first(low, high);
        for (std::size_t i = 1; i < half; ++i) {
          const Field turned = high[i] * roots_[i * stride];
          high[i] = low[i] - turned;
          low[i] += turned;
        }
      }
    }
  }

 private:
  // The butterfly of both transforms with the root 1.
  static void butterfly_first(Field* low, Field* high) noexcept {
    const Field sum = *low + *high;
    *high = *low - *high;
    *low = sum;
  }

  static std::size_t reversed(std::size_t index, unsigned bits) noexcept {
    std::size_t result = 0;
    for (unsigned i = 0; i < bits; ++i) result |= ((index >> i) & 1) << (bits - 1 - i);
    return result;
  }

  std::vector<Field> roots_;  // the powers of the root of order n
  std::vector<Field> scale_;  // shift^i / n, in the order of reversed bits
};

// Writes the weights with which the n values of a polynomial sum up to its value at x. n = weights.size() is a power
// of two. Weight i is root^i / n * product over j != i of (x - root^j).
template <class Field>
void lagrange_weights(Field x, std::span<Field> weights) noexcept {
  const std::size_t n = weights.size();
  const Field root = root_of_unity<Field>(static_cast<unsigned>(std::countr_zero(n)));
  // First the products over j < i, with the factor root^i / n.
  Field product = inverse(Field{n});
  Field power_of_root{1};
  for (std::size_t i = 0; i < n; ++i) {
    weights[i] = product * power_of_root;
    product *= x - power_of_root;
    power_of_root *= root;
  }
  // Then those over j > i. root^n is 1, so that root^(n - 1) is the inverse of the root.
  const std::array<std::uint64_t, 1> last{n - 1};
  const Field inverse_root = power(root, std::span<const std::uint64_t>{last});
  product = Field{1};
  for (std::size_t i = n; i-- > 0;) {
    power_of_root *= inverse_root;
    weights[i] *= product;
    product *= x - power_of_root;
  }
}

// The last of n values of a polynomial whose degree is below n - 1: its coefficient n - 1 is zero, which is
// the sum of root^i * value i, over n.
template <class Field>
[[nodiscard]] Field last_value(std::span<const Field> values) noexcept {
  const std::size_t n = values.size() + 1;
  const Field root = root_of_unity<Field>(static_cast<unsigned>(std::countr_zero(n)));
  Field sum;
  Field power_of_root{1};
  for (const Field& value : values) {
    sum += power_of_root * value;
    power_of_root *= root;
  }
  // power_of_root is root^(n - 1) now; its inverse is the root.
  return -(sum * root);
}

template <class Field>
[[nodiscard]] Field dot(std::span<const Field> a, std::span<const Field> b) noexcept {
  ProductSum<Field> sum;
  for (std::size_t i = 0; i < a.size(); ++i) sum.add(a[i], b[i]);
  return sum.value();
}

}  // namespace sotto::privacy
