#include <sotto/numeric/internal/scalar_exp.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>

TEST_CASE("the exponential is that of the reals to 2 units in the last place", "[numeric]") {
  for (int step = -87'000; step <= 87'000; step += 7) {
    const float x = static_cast<float>(step) / 1000.0F;
    const double expected = std::exp(static_cast<double>(x));
    REQUIRE(std::abs(static_cast<double>(sotto::exp_f32(x)) / expected - 1) < 2.5e-7);
  }
  CHECK(sotto::exp_f32(0) == 1.0F);
}
