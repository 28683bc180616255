#include <sotto/numeric/internal/float_kernels.hpp>
#include <sotto/numeric/internal/scalar_steps.hpp>
#include <sotto/numeric/kernels.hpp>

namespace sotto {
namespace {

void matmul(const KernelMatrix& matrix, const std::uint8_t* x, std::size_t count, std::int32_t* out,
            std::size_t out_stride) {
  for (std::size_t n = 0; n < count; ++n) {
    for (std::size_t r = 0; r < matrix.rows; ++r) out[n * out_stride + r] = row_sum(matrix, r, x + n * matrix.stride);
  }
}

template <class Matrix>
void scores(const Matrix& matrix, const ScoreInputs& inputs, const ScoreScale& scale, std::int32_t* const* out) {
  for (std::size_t n = 0; n < inputs.count; ++n) {
    const std::uint8_t* x = inputs.x + n * input_size(matrix);
    for (std::size_t r = 0; r < matrix.rows; ++r) {
      out[n][r] = scaled_score(row_sum(matrix, r, x), scale, inputs.down[n], r);
    }
  }
}

std::size_t rows_above_u4(const std::uint8_t* weights, std::size_t rows, std::size_t stride, const std::int8_t* x,
                          std::int32_t limit, RowProduct* above) {
  std::size_t found = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    std::int32_t sum = 0;
    const std::uint8_t* row = weights + r * stride;
    for (std::size_t c = 0; c < stride; ++c) sum += (row[c] & 15) * x[c] + (row[c] >> 4) * x[stride + c];
    if (sum > limit) above[found++] = {static_cast<std::uint32_t>(r), sum};
  }
  return found;
}

void lstm_cell(const LstmCell& step) {
  for (std::size_t j = 0; j < step.units; ++j) lstm_unit(step, j);
}

void quantize(const std::int16_t* values, std::size_t count, std::int32_t multiplier, std::uint8_t* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = quantize_activation(values[i], multiplier);
}

std::size_t find_above(const std::int32_t* values, std::size_t begin, std::size_t end, std::int32_t threshold) {
  std::size_t i = begin;
  while (i < end && values[i] <= threshold) ++i;
  return i;
}

}  // namespace

const Kernels& reference_kernels() noexcept {
  static constexpr Kernels kernels{"reference",   nullptr,    matmul,   scores<KernelMatrix>, scores<KernelMatrixS4>,
                                   rows_above_u4, lstm_cell,  quantize, find_above,           dot_rows_f32,
                                   softmax_f32,   add_rows_s8};
  return kernels;
}

}  // namespace sotto
