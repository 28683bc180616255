// The transforms against evaluation by Horner's rule.
#include "byte_source.hpp"

#include <sotto/privacy/field128.hpp>
#include <sotto/privacy/field64.hpp>
#include <sotto/privacy/internal/polynomial.hpp>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

namespace sotto::privacy {
namespace {

template <class Field>
Field evaluated(std::span<const Field> coefficients, Field x) {
  Field value;
  for (std::size_t i = coefficients.size(); i-- > 0;) value = value * x + coefficients[i];
  return value;
}

template <class Field>
std::vector<Field> random_elements(ByteSource& source, std::size_t count) {
  std::vector<Field> elements;
  for (std::size_t i = 0; i < count; ++i) elements.push_back(Field{source.word() >> 1} * Field{source.word() >> 1});
  return elements;
}

// The values at the first `count` powers of the root of order 2^log2_order.
template <class Field>
std::vector<Field> values_at_roots(std::span<const Field> coefficients, unsigned log2_order, std::size_t count) {
  std::vector<Field> values;
  Field power{1};
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(evaluated(coefficients, power));
    power *= root_of_unity<Field>(log2_order);
  }
  return values;
}

}  // namespace

TEMPLATE_TEST_CASE("values at odd powers are those of the polynomial", "", Field64, Field128) {
  using Field = TestType;
  ByteSource source{1};
  for (unsigned log2_n = 0; log2_n <= 8; ++log2_n) {
    CAPTURE(log2_n);
    const std::size_t n = std::size_t{1} << log2_n;
    const auto coefficients = random_elements<Field>(source, n);
    const auto all = values_at_roots(std::span<const Field>{coefficients}, log2_n + 1, 2 * n);
    std::vector<Field> values = values_at_roots(std::span<const Field>{coefficients}, log2_n, n);
    OddValues<Field>{n}.compute(values);
    for (std::size_t i = 0; i < n; ++i) CHECK(values[i] == all[2 * i + 1]);
  }
}

TEMPLATE_TEST_CASE("weights give a polynomial's value at any point", "", Field64, Field128) {
  using Field = TestType;
  ByteSource source{2};
  for (unsigned log2_n = 0; log2_n <= 7; ++log2_n) {
    CAPTURE(log2_n);
    const std::size_t n = std::size_t{1} << log2_n;
    const auto coefficients = random_elements<Field>(source, n);
    const auto values = values_at_roots(std::span<const Field>{coefficients}, log2_n, n);
    std::vector<Field> weights(n);
    for (const Field x : {random_elements<Field>(source, 1)[0], Field{}, Field{1}, root_of_unity<Field>(log2_n)}) {
      lagrange_weights(x, std::span{weights});
      CHECK(dot(std::span<const Field>{weights}, std::span<const Field>{values}) ==
            evaluated(std::span<const Field>{coefficients}, x));
    }
  }
}

TEMPLATE_TEST_CASE("the last value follows from the others when the degree is small enough", "", Field64, Field128) {
  using Field = TestType;
  ByteSource source{3};
  for (unsigned log2_n = 1; log2_n <= 7; ++log2_n) {
    CAPTURE(log2_n);
    const std::size_t n = std::size_t{1} << log2_n;
    const auto coefficients = random_elements<Field>(source, n - 1);
    const auto values = values_at_roots(std::span<const Field>{coefficients}, log2_n, n);
    CHECK(last_value(std::span<const Field>{values}.first(n - 1)) == values.back());
  }
}

TEST_CASE("powers follow their exponent's bits") {
  const std::array<std::uint64_t, 2> exponent{5, 0};
  CHECK(power(Field128{3}, std::span<const std::uint64_t>{exponent}) == Field128{243});
  CHECK(power(Field128{3}, std::span<const std::uint64_t>{}) == Field128{1});
}

}  // namespace sotto::privacy
