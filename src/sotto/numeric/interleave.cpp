#include <sotto/numeric/internal/interleave.hpp>
#include <sotto/numeric/kernels.hpp>

#include <cstring>

namespace sotto {

void interleave_rows(const std::int8_t* weights, std::size_t rows, std::size_t stride, std::int8_t* out) {
  const std::size_t whole = rows / interleaved_rows * interleaved_rows;
  for (std::size_t tile = 0; tile < whole; tile += interleaved_rows) {
    for (std::size_t c = 0; c < stride; c += interleaved_columns) {
      for (std::size_t r = tile; r < tile + interleaved_rows; ++r, out += interleaved_columns) {
        std::memcpy(out, weights + r * stride + c, interleaved_columns);
      }
    }
  }
  if (whole < rows) std::memcpy(out, weights + whole * stride, (rows - whole) * stride);
}

}  // namespace sotto
