#include <sotto/base/random.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>

// The reference sequences of xoshiro256** (state 1, 2, 3, 4) as in the Rust crate rand_xoshiro's tests.
TEST_CASE("xoshiro256** gives the reference sequence", "[base][random]") {
  sotto::Random random(0);
  random.restore({1, 2, 3, 4});
  CHECK(random.next() == 11520U);
  CHECK(random.next() == 0U);
  CHECK(random.next() == 1509978240U);
  CHECK(random.next() == 1215971899390074240U);
}

TEST_CASE("bounded draws stay in bounds and reach every value", "[base][random]") {
  sotto::Random random(7);
  std::array<int, 5> counts{};
  for (int i = 0; i < 5000; ++i) ++counts.at(random.below(5));
  for (const int count : counts) CHECK((count > 850 && count < 1150));
  for (int i = 0; i < 1000; ++i) {
    const float u = random.uniform();
    CHECK((u >= 0.0F && u < 1.0F));
  }
}

TEST_CASE("a restored state continues the sequence", "[base][random]") {
  sotto::Random a(42);
  a.next();
  sotto::Random b(1);
  b.restore(a.state());
  CHECK(a.next() == b.next());
}
