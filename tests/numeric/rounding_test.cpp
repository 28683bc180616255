#include <sotto/numeric/internal/rounding.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstdint>

TEST_CASE("round_shift rounds half up, for negative values too", "[numeric][rounding]") {
  CHECK(sotto::round_shift(5, 0) == 5);
  CHECK(sotto::round_shift(3, 1) == 2);    // 1.5 → 2
  CHECK(sotto::round_shift(-3, 1) == -1);  // -1.5 → -1
  CHECK(sotto::round_shift(-5, 1) == -2);  // -2.5 → -2
  for (int shift = 1; shift <= 8; ++shift) {
    for (std::int64_t v = -1000; v <= 1000; ++v) {
      CHECK(sotto::round_shift(v, shift) ==
            static_cast<std::int64_t>(std::floor(std::ldexp(static_cast<double>(v), -shift) + 0.5)));
    }
  }
}

TEST_CASE("round_shift holds at its bounds", "[numeric][rounding]") {
  constexpr std::int64_t bound = std::int64_t{1} << 62;
  CHECK(sotto::round_shift(bound, 62) == 1);
  CHECK(sotto::round_shift(-bound, 62) == -1);
}

TEST_CASE("saturate clamps to the type", "[numeric][rounding]") {
  CHECK(sotto::saturate<std::int16_t>(40000) == 32767);
  CHECK(sotto::saturate<std::int16_t>(-40000) == -32768);
  CHECK(sotto::saturate<std::int32_t>(std::int64_t{1} << 40) == 2147483647);
  CHECK(sotto::saturate<std::int16_t>(-7) == -7);
}
