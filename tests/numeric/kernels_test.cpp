// Every tier that this machine can run against the reference: equal integers, at random and at the bounds.
#include "../support/kernel_inputs.hpp"
#include "emulated_avx512_vnni.hpp"

#include <sotto/numeric/formats.hpp>
#include <sotto/numeric/kernels.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

using namespace sotto;
using namespace sotto::test;

constexpr std::int32_t largest = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t smallest = std::numeric_limits<std::int32_t>::min();

// Those of this build and processor, and the emulated one where it can be built.
std::vector<const Kernels*> tiers() {
  const auto available = available_kernels();
  std::vector<const Kernels*> all(available.begin(), available.end());
#if defined(SOTTO_EMULATED_AVX512_VNNI)
  if (const Kernels* emulated = emulated_avx512_vnni_kernels()) all.push_back(emulated);
#endif
  return all;
}

template <class Compare>
void for_each_tier(Compare compare) {
  for (const Kernels* tier : tiers()) {
    INFO("tier " << tier->name);
    compare(*tier);
  }
}

void check_products(const ProductInput& in) {
  INFO(in.rows << " rows of " << in.stride << ", " << in.count << " inputs");
  const auto wanted = products(reference_kernels(), in);
  for_each_tier([&](const Kernels& tier) { REQUIRE(products(tier, in) == wanted); });
}

void check_cell(const CellInput& in) {
  INFO(in.units << " units, " << in.cell_bits << " cell bits");
  const auto wanted = step(reference_kernels(), in);
  for_each_tier([&](const Kernels& tier) { REQUIRE(step(tier, in) == wanted); });
}

}  // namespace

TEST_CASE("products and scores are the same in every tier", "[numeric][kernels]") {
  Random random(20240501);
  for (const std::size_t rows : {1U, 3U, 4U, 7U, 8U, 9U, 15U, 16U, 17U, 31U, 52U, 256U, 400U}) {
    for (const std::size_t stride : {16U, 32U, 48U, 64U, 80U, 128U, 416U}) {
      check_products(random_products(rows, stride, 1 + random.below(5), random));
    }
  }
}

// The widest matrix with every product at its bound: no tier's intermediate may saturate or wrap. The scores'
// multipliers and biases are at their ends too.
TEST_CASE("products and scores hold at their bounds", "[numeric][kernels]") {
  for (const std::int8_t weight : {std::int8_t{-128}, std::int8_t{127}}) {
    for (const std::int32_t bias : {smallest, largest}) {
      for (const int down : {16, 26}) {
        ProductInput in(25, 4096, 2);
        std::ranges::fill(in.weights, weight);
        std::ranges::fill(in.x, std::uint8_t{127});
        std::ranges::fill(in.offset, -64 * 4096 * weight);
        std::ranges::fill(in.multiplier, largest);
        std::ranges::fill(in.bias, bias);
        std::ranges::fill(in.down, down);
        check_products(in);
        const auto got = products(best_kernels(), in);
        CHECK(got.matmul.front() == 63 * 4096 * weight);
        if (down == 16) CHECK(got.scores.front() == (weight < 0 ? smallest : largest));  // beyond any bias
      }
    }
  }
}

TEST_CASE("scores of 4-bit weights hold at their bounds", "[numeric][kernels]") {
  for (const std::int32_t weight : {weight_s4_min, weight_s4_max}) {
    for (const std::int32_t bias : {smallest, largest}) {
      ProductInput in(25, 2048, 2);
      std::ranges::fill(in.weights, static_cast<std::int8_t>((weight + weight_s4_zero_point) * 0x11));
      std::ranges::fill(in.x, std::uint8_t{127});
      std::ranges::fill(in.offset, -64 * 4096 * weight);
      std::ranges::fill(in.multiplier, largest);
      std::ranges::fill(in.bias, bias);
      std::ranges::fill(in.down, 16);
      check_products(in);
      CHECK(products(best_kernels(), in).scores_s4.front() == (weight < 0 ? smallest : largest));
      std::ranges::fill(in.multiplier, 1 << 16);
      std::ranges::fill(in.bias, 0);
      CHECK(products(best_kernels(), in).scores_s4.front() == 63 * 4096 * weight);
    }
  }
}

// What a product is, written out: the layout of the halves of a byte, and the zero points of both sides.
TEST_CASE("a score of 4-bit weights is the product of the weights that its bytes hold", "[numeric][kernels]") {
  ProductInput in(1, 16, 1);
  in.weights[0] = 0x2F;  // column 0: 7; column 16: -6
  std::fill(in.weights.begin() + 1, in.weights.end(), static_cast<std::int8_t>(0x88));  // 0
  in.x[0] = 64 + 5;
  in.x[16] = 64 - 3;
  in.offset[0] = -64 * (7 - 6);
  in.multiplier[0] = 1 << 16;
  in.bias[0] = 1000;
  in.down[0] = 16;
  for_each_tier([&](const Kernels& tier) { CHECK(products(tier, in).scores_s4.front() == 7 * 5 + 6 * 3 + 1000); });
}

TEST_CASE("products of 4-bit rows as stored hold at their bounds", "[numeric][kernels]") {
  for (const std::size_t stride : {16U, 2048U}) {
    const std::vector<std::uint8_t> weights(16 * stride, 0xFF);
    const std::vector<std::int8_t> up(2 * stride, 127), down(2 * stride, -127);
    const auto most = static_cast<std::int32_t>(2 * stride * 15 * 127);
    std::vector<RowProduct> above(16);
    for_each_tier([&](const Kernels& tier) {
      REQUIRE(tier.rows_above_u4(weights.data(), 16, stride, up.data(), most - 1, above.data()) == 16);
      CHECK(above[15].row == 15);
      CHECK(above[15].product == most);
      CHECK(tier.rows_above_u4(weights.data(), 16, stride, up.data(), most, above.data()) == 0);
      REQUIRE(tier.rows_above_u4(weights.data(), 16, stride, down.data(), -most - 1, above.data()) == 16);
      CHECK(above[0].product == -most);
    });
  }
}

TEST_CASE("steps of the LSTM are the same in every tier", "[numeric][kernels]") {
  Random random(7);
  for (const std::size_t units : {1U, 3U, 4U, 7U, 8U, 9U, 17U, 128U}) {
    for (int cell_bits = 1; cell_bits <= 15; ++cell_bits) {
      check_cell(plausible_cell(units, cell_bits, random));
      check_cell(extreme_cell(units, cell_bits, random));
    }
  }
}

// Sums, multipliers and biases at int32's ends, cells at int16's: the gate's sum reaches ±(2 · 2^57.6 + 2^43).
TEST_CASE("the step holds at its bounds", "[numeric][kernels]") {
  constexpr std::int32_t sum = 4096 * 128 * 127 + 64 * 4096 * 128;
  for (const std::int32_t sign : {-1, 1}) {
    for (const std::int16_t cell : {std::int16_t{-32768}, std::int16_t{32767}}) {
      for (const int cell_bits : {1, 12, 13, 15}) {
        CellInput in(16, cell_bits);
        std::ranges::fill(in.input_sums, sign * sum);
        std::ranges::fill(in.hidden_sums, sign * sum);
        std::ranges::fill(in.input_multiplier, largest);
        std::ranges::fill(in.hidden_multiplier, largest);
        std::ranges::fill(in.bias, sign < 0 ? smallest : largest);
        std::ranges::fill(in.cell, cell);
        check_cell(in);
      }
    }
  }
}

// All 65,536 pre-activations through each table, by way of the gates' biases.
TEST_CASE("every pre-activation gives the same gate in every tier", "[numeric][kernels]") {
  CellInput in(65536, 12);
  std::ranges::fill(in.input_multiplier, 1);
  std::ranges::fill(in.hidden_multiplier, 1);
  for (std::size_t j = 0; j < in.units; ++j) {
    const auto bias = (static_cast<std::int32_t>(j) - 32768) * 4096;
    for (std::size_t gate = 0; gate < 4; ++gate) in.bias[gate * in.units + j] = bias;
    in.cell[j] = static_cast<std::int16_t>(static_cast<std::int32_t>(j) - 32768);
  }
  check_cell(in);
}

TEST_CASE("7-bit activations are the same in every tier", "[numeric][kernels]") {
  std::vector<std::int16_t> values(65536 + 3);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int16_t>(i);
  for (const std::int32_t multiplier : {1, 255, 1 << 15, 1234567, largest}) {
    std::vector<std::uint8_t> wanted(values.size());
    reference_kernels().quantize(values.data(), values.size(), multiplier, wanted.data());
    for_each_tier([&](const Kernels& tier) {
      std::vector<std::uint8_t> got(values.size());
      tier.quantize(values.data(), values.size(), multiplier, got.data());
      REQUIRE(got == wanted);
    });
  }
}

TEST_CASE("the first value above a threshold is found in every tier", "[numeric][kernels]") {
  std::vector<std::int32_t> values(101, -5);
  values[57] = 3;
  values[90] = largest;
  for_each_tier([&](const Kernels& tier) {
    CHECK(tier.find_above(values.data(), 0, values.size(), -5) == 57);
    CHECK(tier.find_above(values.data(), 58, values.size(), -5) == 90);
    CHECK(tier.find_above(values.data(), 0, values.size(), 3) == 90);
    CHECK(tier.find_above(values.data(), 0, 90, 3) == 90);
    CHECK(tier.find_above(values.data(), 0, values.size(), largest) == values.size());
    CHECK(tier.find_above(values.data(), 0, values.size(), smallest) == 0);
    CHECK(tier.find_above(values.data(), 101, 101, smallest) == 101);
  });
}

TEST_CASE("sums of scaled rows are the same in every tier, added up in order", "[numeric][kernels]") {
  Random random(7);
  for (const std::size_t columns : {8U, 16U, 40U, 128U}) {
    std::vector<std::int8_t> weights(21 * columns);
    for (auto& w : weights) w = static_cast<std::int8_t>(random.below(256));
    std::vector<ScaledRow> rows;
    for (std::size_t r = 0; r < 21; ++r) {
      rows.push_back({weights.data() + r * columns, static_cast<float>(random.below(2000)) * 1e-6F - 1e-3F});
    }
    std::vector<float> wanted(columns, 0.25F);
    for (const ScaledRow& row : rows) {
      for (std::size_t c = 0; c < columns; ++c) wanted[c] += row.factor * static_cast<float>(row.weights[c]);
    }
    for_each_tier([&](const Kernels& tier) {
      std::vector<float> got(columns, 0.25F);
      tier.add_rows_s8(rows, columns, got.data());
      CHECK(got == wanted);
      tier.add_rows_s8({}, columns, got.data());
      CHECK(got == wanted);
    });
  }
}
