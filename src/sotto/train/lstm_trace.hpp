// The data that one LSTM layer computes with, and the values of a window that it keeps for the backward pass.
#pragma once

#include <sotto/train/packed_product.hpp>

#include <algorithm>
#include <cstdint>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

// A layer's weights as views of the parameter vector.
template <class T>
struct LstmView {
  ConstMatrixMap<T> input_weights;   // [4H × D]
  ConstMatrixMap<T> hidden_weights;  // [4H × H]
  ConstRowMap<T> bias;               // [4H]
};

// The same weights, packed for the products of the forward or backward pass. They are packed once for all windows with
// the same parameters.
template <class T>
struct PackedLstmForward {
  PackedMatrix<T> input_weights;   // [D × 4H]
  PackedMatrix<T> hidden_weights;  // [H × 4H]
  RowArray<T> bias;                // [4H]

  void pack(const LstmView<T>& weights) {
    input_weights.pack(weights.input_weights.transpose());
    hidden_weights.pack(weights.hidden_weights.transpose());
    bias = weights.bias;
  }
};

template <class T>
struct PackedLstmBackward {
  PackedMatrix<T> input_weights;   // [4H × D]
  PackedMatrix<T> hidden_weights;  // [4H × H]

  void pack(const LstmView<T>& weights) {
    input_weights.pack(weights.input_weights);
    hidden_weights.pack(weights.hidden_weights);
  }
};

// The products of the input do not depend on the state. They are computed for about this many positions at a time. That
// is enough to use the weights well. The gates are then still in the L2 cache at their step.
inline constexpr Index input_block_positions = 64;

// Rows are positions in time-major order: row = step · lanes + lane. There are P = steps · lanes of them.
struct WindowShape {
  Index steps = 0;
  Index lanes = 0;
  const std::uint8_t* starts = nullptr;  // [P]: 1 at a user's first event, before which the state is zero

  [[nodiscard]] Index positions() const { return steps * lanes; }
  [[nodiscard]] Index block_steps() const { return std::max(Index{1}, input_block_positions / lanes); }
};

// The state of every lane between two windows.
template <class T>
struct LstmState {
  Matrix<T> hidden;  // [lanes × H]
  Matrix<T> cell;  // [lanes × H]
};

template <class T>
struct LstmTrace {
  Matrix<T> gates;  // [P × 4H], activated
  Matrix<T> cell;  // [P × H]
  Matrix<T> tanh_cell;  // [P × H]
  Matrix<T> hidden;  // [P × H]
  Matrix<T> previous_hidden;  // [P × H], zero at starts
  Matrix<T> previous_cell;  // [P × H], zero at starts

  void resize(Index positions, Index hidden_dim) {
    gates.resize(positions, 4 * hidden_dim);
    for (auto* matrix : {&cell, &tanh_cell, &hidden, &previous_hidden, &previous_cell}) {
      matrix->resize(positions, hidden_dim);
    }
  }
};

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
