#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/random.hpp>
#include <sotto/numeric/kernels.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>

namespace {

struct Case {
  sotto::AlignedBuffer<std::int8_t> weights;
  sotto::AlignedBuffer<std::uint8_t> x;
  sotto::AlignedBuffer<std::int32_t> offset;

  Case(std::size_t rows, std::size_t stride) : weights(rows * stride), x(stride), offset(rows) {}
};

void check_equal_to_reference(const Case& c) {
  const std::size_t rows = c.offset.size();
  const std::size_t stride = c.x.size();
  sotto::AlignedBuffer<std::int32_t> wanted(rows);
  sotto::AlignedBuffer<std::int32_t> got(rows);
  sotto::reference_kernels().matvec(c.weights.data(), rows, stride, c.x.data(), c.offset.data(), wanted.data());
  sotto::best_kernels().matvec(c.weights.data(), rows, stride, c.x.data(), c.offset.data(), got.data());
  for (std::size_t r = 0; r < rows; ++r) {
    INFO(sotto::best_kernels().name << ", row " << r << " of " << rows << " × " << stride);
    REQUIRE(got[r] == wanted[r]);
  }
}

}  // namespace

TEST_CASE("the best kernel equals the reference on random matrices", "[numeric][kernels]") {
  sotto::Random random(20240501);
  for (const std::size_t rows : {4U, 8U, 12U, 52U, 256U}) {
    for (const std::size_t stride : {32U, 64U, 96U, 128U, 416U}) {
      Case c(rows, stride);
      for (auto& w : c.weights.span()) w = static_cast<std::int8_t>(static_cast<int>(random.below(256)) - 128);
      for (auto& x : c.x.span()) x = static_cast<std::uint8_t>(random.below(128));
      for (auto& o : c.offset.span()) o = static_cast<std::int32_t>(random.below(1U << 20)) - (1 << 19);
      check_equal_to_reference(c);
    }
  }
}

// The widest matrix with every product at its bound: no tier's intermediate may saturate or wrap.
TEST_CASE("the kernels hold at their bounds", "[numeric][kernels]") {
  constexpr std::size_t stride = 4096;
  for (const int weight : {-128, 127}) {
    Case c(4, stride);
    for (auto& w : c.weights.span()) w = static_cast<std::int8_t>(weight);
    for (auto& x : c.x.span()) x = 127;
    check_equal_to_reference(c);
    sotto::AlignedBuffer<std::int32_t> out(4);
    sotto::best_kernels().matvec(c.weights.data(), 4, stride, c.x.data(), c.offset.data(), out.data());
    CHECK(out[0] == weight * 127 * static_cast<int>(stride));
  }
}
