#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/row_sum.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

// More rows than wait at once, of a width that is no whole tile.
TEST_CASE("a sum of rows is the plain sum in the order of the rows", "[runtime][row-sum]") {
  const int head_bits = GENERATE(8, 4);
  const auto model = sotto::test::random_fixed_model({150, 13, 13, 1, true, false}, 4, head_bits);
  for (const sotto::Kernels* kernels : sotto::available_kernels()) {
    INFO(kernels->name << ", " << head_bits << " bits");
    const sotto::Engine engine(model, 0, *kernels);
    sotto::RowSum rows(engine);
    sotto::Random random(3);
    for (int round = 0; round < 2; ++round) {
      rows.clear();
      std::vector<float> wanted(13);
      for (int i = 0; i < 200; ++i) {
        const std::size_t row = random.below(150);
        const float factor = static_cast<float>(random.below(1000)) * 1e-3F - 0.5F;
        rows.add(row, factor);
        const float scale = factor * 0x1p-30F * static_cast<float>(engine.head().multiplier(row));
        for (std::size_t c = 0; c < 13; ++c) {
          wanted[c] += scale * static_cast<float>(engine.head().weight(row, c));
        }
      }
      CHECK(std::ranges::equal(rows.total(), wanted));
    }
  }
}
