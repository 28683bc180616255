// Views of row-major matrices, and the one matrix type that owns its memory.
#pragma once

#include <sotto/train/layout.hpp>
#include <sotto/train/tier.hpp>

#include <Eigen/Core>

#include <cstddef>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

using Eigen::Index;

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using MatrixMap = Eigen::Map<Matrix<T>>;
template <class T>
using ConstMatrixMap = Eigen::Map<const Matrix<T>>;
template <class T>
using RowArray = Eigen::Array<T, 1, Eigen::Dynamic>;
template <class T>
using RowMap = Eigen::Map<RowArray<T>>;
template <class T>
using ConstRowMap = Eigen::Map<const RowArray<T>>;

[[nodiscard]] inline Index index(std::size_t value) { return static_cast<Index>(value); }

// Views of whole rows.
template <class T>
[[nodiscard]] ConstMatrixMap<T> rows_of(const ConstMatrixMap<T>& matrix, Index first, Index count) {
  return {matrix.data() + first * matrix.cols(), count, matrix.cols()};
}
template <class T>
[[nodiscard]] ConstMatrixMap<T> rows_of(const Matrix<T>& matrix, Index first, Index count) {
  return {matrix.data() + first * matrix.cols(), count, matrix.cols()};
}
template <class T>
[[nodiscard]] MatrixMap<T> rows_of(Matrix<T>& matrix, Index first, Index count) {
  return {matrix.data() + first * matrix.cols(), count, matrix.cols()};
}

// Views of a block of a parameter or gradient vector, as a matrix or as a row.
template <class T>
[[nodiscard]] ConstMatrixMap<T> matrix_of(const T* values, const Block& block) {
  return {values + block.offset, index(block.rows), index(block.cols)};
}
template <class T>
[[nodiscard]] MatrixMap<T> matrix_of(T* values, const Block& block) {
  return {values + block.offset, index(block.rows), index(block.cols)};
}
template <class T>
[[nodiscard]] ConstRowMap<T> row_of(const T* values, const Block& block) {
  return {values + block.offset, index(block.rows * block.cols)};
}
template <class T>
[[nodiscard]] RowMap<T> row_of(T* values, const Block& block) {
  return {values + block.offset, index(block.rows * block.cols)};
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
