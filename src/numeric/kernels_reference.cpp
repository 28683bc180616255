#include <sotto/numeric/kernels.hpp>

namespace sotto {
namespace {

void matvec(const std::int8_t* weights, std::size_t rows, std::size_t stride, const std::uint8_t* x,
            const std::int32_t* offset, std::int32_t* out) {
  for (std::size_t r = 0; r < rows; ++r) {
    std::int32_t sum = offset[r];
    for (std::size_t c = 0; c < stride; ++c) sum += std::int32_t{weights[r * stride + c]} * std::int32_t{x[c]};
    out[r] = sum;
  }
}

}  // namespace

const Kernels& reference_kernels() noexcept {
  static constexpr Kernels kernels{"reference", matvec};
  return kernels;
}

}  // namespace sotto
