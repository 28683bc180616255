#include <sotto/numeric/internal/scalar_log.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

TEST_CASE("the logarithm is close to the true one over its whole range", "[numeric]") {
  for (int i = -8700; i <= 8700; ++i) {
    const auto x = static_cast<float>(std::exp(i * 0.01));
    const double log = std::log(static_cast<double>(x));
    CHECK(std::abs(static_cast<double>(sotto::log_f32(x)) - log) <= 3e-7 * std::max(1.0, std::abs(log)));
  }
  CHECK(sotto::log_f32(1.0F) == 0.0F);
}
