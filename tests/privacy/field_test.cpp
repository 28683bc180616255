// Both fields against arithmetic by doubling and adding, at the edges and at random.
#include "byte_source.hpp"

#include <sotto/privacy/field128.hpp>
#include <sotto/privacy/field64.hpp>
#include <sotto/privacy/internal/field_algebra.hpp>
#include <sotto/privacy/internal/field_vector.hpp>
#include <sotto/privacy/internal/product_sum.hpp>
#include <sotto/privacy/internal/range_checked_integer.hpp>
#include <sotto/privacy/wide_words.hpp>

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace sotto::privacy {
namespace {

template <class Field>
constexpr std::size_t words_of = Field::encoded_bytes / 8;

// p - 1 in words: the exponent of inversion and 1.
Field64 minus_one(Field64) { return Field64{0xffff'ffff'0000'0000}; }
Field128 minus_one(Field128) { return Field128::from_words(0, 0xffff'ffff'ffff'ffe4); }

template <class Field>
std::array<std::uint64_t, 2> words(Field element) {
  std::array<std::uint64_t, 2> result{};
  std::memcpy(result.data(), &element, sizeof element);
  return result;
}

// The product by adding and doubling: it uses no multiplication.
template <class Field>
Field product_by_sums(Field a, Field b) {
  Field sum;
  for (std::size_t bit = 64 * words_of<Field>; bit-- > 0;) {
    sum += sum;
    if ((words(b)[bit / 64] >> (bit % 64)) & 1) sum += a;
  }
  return sum;
}

template <class Field>
Field from_bytes(std::array<std::uint64_t, 2> source) {
  Field element;
  std::memcpy(static_cast<void*>(&element), source.data(), sizeof element);
  return element;
}

// Elements at which a carry, a borrow or a reduction begins, and random ones.
template <class Field>
std::vector<Field> interesting_elements(std::size_t random) {
  const Field one{1};
  const Field last = minus_one(Field{});
  std::vector<Field> elements{Field{}, one,        Field{2},        Field{28}, Field{0xffff'ffff},
                              last,    last - one, last - Field{28}};
  Field power = one;
  for (std::size_t bit = 0; bit < 64 * words_of<Field>; ++bit) {
    elements.insert(elements.end(), {power, power - one, -power});
    power += power;
  }
  ByteSource source{5};
  while (elements.size() < 8 + 3 * 64 * words_of<Field> + random) {
    const std::array<std::uint64_t, 2> candidate{source.word(), source.word()};
    if (Field::is_encoding(reinterpret_cast<const std::byte*>(candidate.data())) == 1) {
      elements.push_back(from_bytes<Field>(candidate));
    }
  }
  return elements;
}

}  // namespace

TEMPLATE_TEST_CASE("sums, differences and products stay canonical and obey the field's laws", "", Field64, Field128) {
  using Field = TestType;
  const auto elements = interesting_elements<Field>(40);
  ByteSource source{6};
  std::size_t wrong = 0;
  for (const Field a : elements) {
    for (std::size_t i = 0; i < 12; ++i) {
      const Field b = elements[source.below(elements.size())];
      const Field c = elements[source.below(elements.size())];
      for (const Field result : {a + b, a - b, a * b, -a}) {
        wrong += Field::is_encoding(reinterpret_cast<const std::byte*>(&result)) != 1;
      }
      wrong += !(a + b == b + a && (a + b) + c == a + (b + c) && a - b == a + -b && (a - b) + b == a);
      wrong += !(a * b == b * a && (a * b) * c == a * (b * c) && a * (b + c) == a * b + a * c);
      wrong += !(a * b == product_by_sums(a, b));
    }
    wrong += !(a + Field{} == a && a * Field{1} == a && a * Field{} == Field{} && a + -a == Field{});
  }
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("every pair of edges multiplies as sums do", "", Field64, Field128) {
  using Field = TestType;
  const auto elements = interesting_elements<Field>(0);
  std::size_t wrong = 0;
  for (const Field a : elements) {
    for (const Field b : elements) wrong += !(a * b == product_by_sums(a, b));
  }
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("a sum of products is reduced in the end as each product would be", "", Field64, Field128) {
  using Field = TestType;
  const auto elements = interesting_elements<Field>(40);
  ByteSource source{7};
  ProductSum<Field> sum;
  Field expected;
  std::size_t wrong = 0;
  for (const Field a : elements) {
    const Field b = elements[source.below(elements.size())];
    sum.add(a, b);
    expected += a * b;
    wrong += !(sum.value() == expected);
  }
  // Many of the largest product: each word of the sum has carried.
  for (int n = 0; n < 100'000; ++n) {
    sum.add(minus_one(Field{}), minus_one(Field{}));
    expected += Field{1};
  }
  CHECK(wrong == 0);
  CHECK(sum.value() == expected);
}

TEMPLATE_TEST_CASE("inverses multiply to one", "", Field64, Field128) {
  using Field = TestType;
  for (const Field a : interesting_elements<Field>(3)) {
    CHECK(a * inverse(a) == (a == Field{} ? Field{} : Field{1}));
  }
}

TEMPLATE_TEST_CASE("roots of unity have their order and not half of it", "", Field64, Field128) {
  using Field = TestType;
  for (unsigned log2_order = 0; log2_order <= Field::roots_log2; ++log2_order) {
    CAPTURE(log2_order);
    Field root = root_of_unity<Field>(log2_order);
    for (unsigned i = 1; i < log2_order; ++i) root *= root;
    CHECK(root == (log2_order == 0 ? Field{1} : minus_one(Field{})));
  }
}

TEMPLATE_TEST_CASE("an encoding is an element exactly below the modulus", "", Field64, Field128) {
  using Field = TestType;
  std::vector<Field> one(1);
  const auto accepts = [&](Field element, std::uint64_t added) {
    auto bytes = words(element);
    std::uint64_t carry = 0;
    bytes[0] = add_with_carry(bytes[0], added, carry);
    bytes[1] += carry;
    return decode_elements(std::as_bytes(std::span{bytes}).first(sizeof(Field)), std::span{one});
  };
  CHECK(accepts(minus_one(Field{}), 0));
  CHECK(one[0] == minus_one(Field{}));
  CHECK_FALSE(accepts(minus_one(Field{}), 1));
  CHECK_FALSE(accepts(minus_one(Field{}), 2));
  const std::vector<std::byte> ones(sizeof(Field), std::byte{0xff});
  CHECK_FALSE(decode_elements(ones, std::span{one}));
  // One bad element among good ones.
  std::vector<Field> three(3);
  std::vector<std::byte> bytes(3 * sizeof(Field));
  CHECK(decode_elements(bytes, std::span{three}));
  std::fill(bytes.end() - sizeof(Field), bytes.end(), std::byte{0xff});
  CHECK_FALSE(decode_elements(bytes, std::span{three}));
}

TEST_CASE("a product of 64 bits by halves is the processor's") {
  ByteSource source{8};
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t a = i % 3 == 0 ? ~(source.word() >> (i % 64)) : source.word() >> (i % 64);
    const std::uint64_t b = i % 5 == 0 ? ~std::uint64_t{0} : source.word();
    const WideWord halves = multiply_wide_by_halves(a, b);
    const WideWord native = multiply_wide(a, b);
    CHECK((halves.low == native.low && halves.high == native.high));
  }
  const WideWord largest = multiply_wide_by_halves(~std::uint64_t{0}, ~std::uint64_t{0});
  CHECK((largest.low == 1 && largest.high == ~std::uint64_t{0} - 1));
}

TEST_CASE("integers keep their value in bits with weights, and no bits exceed the maximum") {
  for (const std::uint64_t max : {1ULL, 2ULL, 3ULL, 4ULL, 7ULL, 8ULL, 100ULL, 255ULL, 256ULL, 1337ULL}) {
    CAPTURE(max);
    const RangeCheckedInteger integer{max};
    std::vector<Field64> bits(integer.bits());
    for (std::uint64_t value = 0; value <= max; ++value) {
      integer.encode(value, std::span{bits});
      CHECK(std::ranges::all_of(bits, [](Field64 bit) { return bit.value() <= 1; }));
      CHECK(integer.decode(std::span<const Field64>{bits}) == Field64{value});
    }
    std::ranges::fill(bits, Field64{1});
    CHECK(integer.decode(std::span<const Field64>{bits}) == Field64{max});
  }
}

}  // namespace sotto::privacy
