// LSTM, backward through time over a window: sequence → step → gate. It is truncated at the window's first step. The
// carried state counts as a constant there, unless the caller asks for its gradient.
#pragma once

#include <sotto/train/lstm_trace.hpp>

#include <algorithm>
#include <utility>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

template <class T>
struct LstmGradientView {
  MatrixMap<T> input_weights;   // [4H × D]
  MatrixMap<T> hidden_weights;  // [4H × H]
  RowMap<T> bias;               // [4H]
};

// The gradient of a state that is carried between windows.
template <class T>
struct LstmStateGradient {
  Matrix<T> hidden;  // [lanes × H]
  Matrix<T> cell;    // [lanes × H]
};

template <class T>
struct LstmBackwardScratch {
  Matrix<T> d_gates;   // [P × 4H], gradient of the pre-activations
  Matrix<T> d_hidden;  // [lanes × H], through time
  Matrix<T> d_cell;    // [lanes × H], through time
  PackedMatrix<T> hidden_weights;  // [4H × H]
};

// One lane at one step. On entry d_cell is the gradient of this step's cell through later steps. On exit it is the
// gradient of the previous step's cell. `gates` are the activated ones.
template <class T>
void lstm_gates_backward(const T* gates, const T* previous_cell, const T* tanh_cell, const T* d_hidden, T* d_cell,
                         T* d_gates, Index hidden_dim) {
  const ConstRowMap<T> i(gates, hidden_dim);
  const ConstRowMap<T> f(gates + hidden_dim, hidden_dim);
  const ConstRowMap<T> g(gates + 2 * hidden_dim, hidden_dim);
  const ConstRowMap<T> o(gates + 3 * hidden_dim, hidden_dim);
  const ConstRowMap<T> tanh_c(tanh_cell, hidden_dim);
  const ConstRowMap<T> dh(d_hidden, hidden_dim);
  RowMap<T> dc(d_cell, hidden_dim);
  const T one{1};
  dc += dh * o * (one - tanh_c * tanh_c);
  RowMap<T>(d_gates, hidden_dim) = dc * g * i * (one - i);
  RowMap<T>(d_gates + hidden_dim, hidden_dim) = dc * ConstRowMap<T>(previous_cell, hidden_dim) * f * (one - f);
  RowMap<T>(d_gates + 2 * hidden_dim, hidden_dim) = dc * i * (one - g * g);
  RowMap<T>(d_gates + 3 * hidden_dim, hidden_dim) = dh * tanh_c * o * (one - o);
  dc *= f;
}

// All lanes at one step. Its inputs are the gradients from above and from the next step. It computes the gradients of
// the pre-activations and, in scratch, of the previous state.
template <class T>
void lstm_step_backward(const PackedLstmBackward<T>& weights, const WindowShape& window, Index step,
                        const LstmTrace<T>& trace, const Matrix<T>& d_output, bool to_carried,
                        LstmBackwardScratch<T>& scratch) {
  const Index lanes = window.lanes;
  const Index first = step * lanes;
  scratch.d_hidden += d_output.middleRows(first, lanes);
  for (Index lane = 0; lane < lanes; ++lane) {
    const Index row = first + lane;
    lstm_gates_backward(trace.gates.row(row).data(), trace.previous_cell.row(row).data(),
                        trace.tanh_cell.row(row).data(), scratch.d_hidden.row(lane).data(),
                        scratch.d_cell.row(lane).data(), scratch.d_gates.row(row).data(), trace.hidden.cols());
  }
  if (step == 0 && !to_carried) return;
  scratch.d_hidden.setZero();
  add_packed_product(rows_of(std::as_const(scratch.d_gates), first, lanes), weights.hidden_weights,
                     rows_of(scratch.d_hidden, 0, lanes));
  for (Index lane = 0; lane < lanes; ++lane) {
    if (window.starts[first + lane] != 0) {
      scratch.d_hidden.row(lane).setZero();
      scratch.d_cell.row(lane).setZero();
    }
  }
}

// The whole window. Adds to the weights' gradient and writes the input's gradient, d_input [P × D]. d_output [P × H] is
// the gradient of the layer's hidden states from above. If `carried` is given, it is the gradient of the state after
// the window on entry, and of the state before the window on exit.
template <class T>
void lstm_backward(const PackedLstmBackward<T>& weights, const WindowShape& window, const ConstMatrixMap<T>& input,
                   const LstmTrace<T>& trace, const Matrix<T>& d_output, LstmGradientView<T> gradient,
                   Matrix<T>& d_input, LstmBackwardScratch<T>& scratch, LstmStateGradient<T>* carried = nullptr) {
  scratch.d_gates.resize(window.positions(), trace.gates.cols());
  if (carried == nullptr) {
    scratch.d_hidden.setZero(window.lanes, trace.hidden.cols());
    scratch.d_cell.setZero(window.lanes, trace.hidden.cols());
  } else {
    scratch.d_hidden = carried->hidden;
    scratch.d_cell = carried->cell;
  }
  d_input.setZero(window.positions(), input.cols());
  for (Index end = window.steps; end > 0;) {
    const Index begin = std::max(Index{0}, end - window.block_steps());
    for (Index step = end; step-- > begin;) {
      lstm_step_backward(weights, window, step, trace, d_output, carried != nullptr, scratch);
    }
    const Index first = begin * window.lanes;
    const Index positions = (end - begin) * window.lanes;
    add_packed_product(rows_of(std::as_const(scratch.d_gates), first, positions), weights.input_weights,
                       rows_of(d_input, first, positions));
    end = begin;
  }
  if (carried != nullptr) {
    carried->hidden = scratch.d_hidden;
    carried->cell = scratch.d_cell;
  }

  gradient.input_weights.noalias() += scratch.d_gates.transpose() * input;
  gradient.hidden_weights.noalias() += scratch.d_gates.transpose() * trace.previous_hidden;
  gradient.bias += scratch.d_gates.colwise().sum().array();
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
