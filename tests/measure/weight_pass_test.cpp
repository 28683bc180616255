#include <sotto/base/random.hpp>
#include <sotto/measure/weight_pass.hpp>
#include <sotto/numeric/kernels.hpp>

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace sotto;

TEST_CASE("the floor of every tier reads every weight once") {
  Random random(1);
  for (const std::size_t tiles : {0U, 1U, 2U, 3U, 4U, 5U, 15U, 16U, 17U, 31U, 32U, 33U, 100U, 1001U}) {
    std::vector<std::int8_t> weights(tiles * column_tile);
    for (auto& w : weights) w = static_cast<std::int8_t>(static_cast<int>(random.below(256)) - 128);
    for (const std::uint8_t x : {std::uint8_t{1}, std::uint8_t{127}}) {
      std::uint32_t expected = 0;
      for (const std::int8_t w : weights) expected += static_cast<std::uint32_t>(w * x);
      for (const Kernels* tier : available_kernels()) {
        CAPTURE(tiles, int{x}, tier->name);
        CHECK(measure::weight_pass(tier->name)(weights, x) == expected);
      }
    }
  }
}
