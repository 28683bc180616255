// Multiplies a few rows by a matrix that many products share. An LSTM's step for the lanes of a shard is such a
// product. A general matrix product packs its operands at every call. For four to sixteen rows, this costs as much as
// the arithmetic. Here the shared matrix is packed only once. Each value is summed in the same order, regardless of the
// other rows.
#pragma once

#include <sotto/train/matrix.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

// The type of a vector register in this tier.
#if defined(__AVX__)
inline constexpr std::size_t register_bytes = 32;
#else
inline constexpr std::size_t register_bytes = 16;
#endif
// A tile of sums stays in registers. Of AVX2's 16 registers it uses 4 rows × 2 registers, 2 for the panel and 1 for a
// row's value.
inline constexpr std::size_t tile_rows = 4;
inline constexpr std::size_t tile_registers = 2;
inline constexpr Index packed_depth_block = 128;  // block of a panel: 8 KiB, which stay in the L1 cache for all rows

// A matrix [depth × columns] as panels, each [depth × width]. A panel is tile_registers registers wide. Columns beyond
// the last one are zeros.
template <class T>
class PackedMatrix {
 public:
  static constexpr Index width = tile_registers * register_bytes / sizeof(T);

  template <class Source>
  void pack(const Source& matrix) {
    depth_ = matrix.rows();
    columns_ = matrix.cols();
    panels_.resize((columns_ + width - 1) / width * depth_, width);
    for (Index first = 0; first < columns_; first += width) {
      const Index filled = std::min(width, columns_ - first);
      auto panel = panels_.middleRows(first / width * depth_, depth_);
      panel.leftCols(filled) = matrix.middleCols(first, filled);
      panel.rightCols(width - filled).setZero();
    }
  }

  [[nodiscard]] Index depth() const { return depth_; }
  [[nodiscard]] Index columns() const { return columns_; }
  // Returns row k of the panel that begins at column `first`.
  [[nodiscard]] const T* panel(Index first, Index k) const { return panels_.row(first / width * depth_ + k).data(); }

 private:
  Index depth_ = 0;
  Index columns_ = 0;
  Matrix<T> panels_;  // [panels · depth × width]
};

// Calls f(0), …, f(count - 1), each with a constant, so that arrays that it indexes can stay in registers.
template <std::size_t count, class F>
[[gnu::always_inline]] inline void unrolled(const F& f) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (f(std::integral_constant<std::size_t, i>{}), ...);
  }(std::make_index_sequence<count>{});
}

// result [rows × columns] += left [rows × depth] · panel [depth × width]. Only the first `columns` columns are written.
template <std::size_t rows, class T>
void add_tile(const T* left, Index left_stride, const T* panel, Index depth, T* result, Index result_stride,
              Index columns) {
  using Register [[gnu::vector_size(register_bytes)]] = T;
  constexpr std::size_t values = register_bytes / sizeof(T);
  Register sums[rows][tile_registers] = {};
  for (Index k = 0; k < depth; ++k) {
    Register right[tile_registers];
    unrolled<tile_registers>([&](auto v) { std::memcpy(&right[v], panel + v * values, sizeof(Register)); });
    unrolled<rows>([&](auto r) {
      const T value = left[index(r) * left_stride + k];
      unrolled<tile_registers>([&](auto v) { sums[r][v] += value * right[v]; });
    });
    panel += PackedMatrix<T>::width;
  }

  unrolled<rows>([&](auto r) {
    T* const to = result + index(r) * result_stride;
    T sum[tile_registers * values];
    unrolled<tile_registers>([&](auto v) { std::memcpy(sum + v * values, &sums[r][v], sizeof(Register)); });
    for (Index c = 0; c < columns; ++c) to[c] += sum[c];
  });
}

// result [rows × columns] += left [rows × depth] · right [depth × columns].
template <class T>
void add_packed_product(const ConstMatrixMap<T>& left, const PackedMatrix<T>& right, MatrixMap<T> result) {
  const Index rows = left.rows();
  for (Index first = 0; first < right.columns(); first += PackedMatrix<T>::width) {
    const Index columns = std::min(PackedMatrix<T>::width, right.columns() - first);
    for (Index k = 0; k < right.depth(); k += packed_depth_block) {
      const Index depth = std::min(packed_depth_block, right.depth() - k);
      const T* const panel = right.panel(first, k);
      const auto add_rows = [&]<std::size_t count>(Index row) {
        add_tile<count>(left.row(row).data() + k, left.cols(), panel, depth, result.row(row).data() + first,
                        result.cols(), columns);
      };
      Index row = 0;
      for (; row + index(tile_rows) <= rows; row += index(tile_rows)) add_rows.template operator()<tile_rows>(row);
      if (rows - row == 3) add_rows.template operator()<3>(row);
      if (rows - row == 2) add_rows.template operator()<2>(row);
      if (rows - row == 1) add_rows.template operator()<1>(row);
    }
  }
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
