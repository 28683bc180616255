// The integers behind exact sampling.
#include <sotto/base/random.hpp>
#include <sotto/privacy/internal/uint256.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstdint>

using sotto::Random;
using namespace sotto::privacy;

namespace {

Uint256 random_number(Random& random, std::size_t limbs) {
  std::array<std::uint32_t, Uint256::limb_count> parts{};
  for (std::size_t i = 0; i < limbs; ++i) parts[i] = static_cast<std::uint32_t>(random.next());
  return Uint256(parts);
}

}  // namespace

TEST_CASE("numbers of 256 bits multiply, subtract and compare over the borders of their limbs") {
  const Uint256 one(1);
  const Uint256 top = Uint256(0xFFFFFFFFFFFFFFFFU) * Uint256(0xFFFFFFFFFFFFFFFFU);  // 2^128 - 2^65 + 1
  CHECK(top.bits() == 128);
  CHECK(top == Uint256({1, 0, 0xFFFFFFFEU, 0xFFFFFFFFU, 0, 0, 0, 0}));
  CHECK(top - one == Uint256({0, 0, 0xFFFFFFFEU, 0xFFFFFFFFU, 0, 0, 0, 0}));
  CHECK(Uint256({0, 0, 1, 0, 0, 0, 0, 0}) - one == Uint256(0xFFFFFFFFFFFFFFFFU));
  CHECK(top > top - one);
  CHECK(Uint256({5, 0, 1, 0, 0, 0, 0, 0}) > Uint256({6, 0, 0, 0, 0, 0, 0, 0}));
  CHECK(Uint256().is_zero());
  CHECK(Uint256().bits() == 0);
  CHECK(Uint256(0x100000000U).bits() == 33);
  CHECK(Uint256({0, 0, 1, 0, 0, 0, 0, 0}).fits_64_bits() == false);
}

TEST_CASE("division gives back what multiplication made") {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const Uint256 divisor = random_number(random, 1 + random.below(4));
    const Uint256 factor = random_number(random, random.below(4));
    if (divisor.is_zero()) continue;
    const Uint256 product = divisor * factor;
    const Division256 exact = divide(product, divisor);
    CHECK(exact.quotient == factor);
    CHECK(exact.remainder.is_zero());
    if (!factor.is_zero()) {
      const Division256 below = divide(product - Uint256(1), divisor);
      CHECK(below.quotient == factor - Uint256(1));
      CHECK(below.remainder == divisor - Uint256(1));
    }
    const auto small = static_cast<std::uint32_t>(1 + random.below(64));
    CHECK(product.divided_by(small) == divide(product, Uint256(small)).quotient);
    CHECK(Uint256(product.remainder_of(small)) == divide(product, Uint256(small)).remainder);
  }
}

TEST_CASE("the greatest common divisor holds every shared factor") {
  Random random(2);
  for (int round = 0; round < 100; ++round) {
    const Uint256 shared = random_number(random, 2);
    const Uint256 a = shared * random_number(random, 1);
    const Uint256 b = shared * random_number(random, 1);
    if (a.is_zero() || b.is_zero()) continue;
    const Uint256 divisor = greatest_common_divisor(a, b);
    CHECK(divide(divisor, shared).remainder.is_zero());
    CHECK(divide(a, divisor).remainder.is_zero());
    CHECK(divide(b, divisor).remainder.is_zero());
    CHECK(greatest_common_divisor(divide(a, divisor).quotient, divide(b, divisor).quotient) == Uint256(1));
  }
  CHECK(greatest_common_divisor(Uint256(), Uint256(12)) == Uint256(12));
}
