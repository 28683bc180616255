// LSTM (Hochreiter and Schmidhuber, 1997; forget gate: Gers et al., 2000), forward over a window:
// sequence → step → gate.
#pragma once

#include <sotto/train/lstm_trace.hpp>

#include <algorithm>
#include <utility>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

// One lane at one step. gates [4H] hold pre-activations on entry and activated values on exit.
template <class T>
void lstm_gates_forward(T* gates, const T* previous_cell, T* cell, T* tanh_cell, T* hidden, Index hidden_dim) {
  RowMap<T> input_and_forget(gates, 2 * hidden_dim);
  RowMap<T> candidate(gates + 2 * hidden_dim, hidden_dim);
  RowMap<T> output(gates + 3 * hidden_dim, hidden_dim);
  input_and_forget = input_and_forget.logistic();
  candidate = candidate.tanh();
  output = output.logistic();

  const ConstRowMap<T> input(gates, hidden_dim);
  const ConstRowMap<T> forget(gates + hidden_dim, hidden_dim);
  RowMap<T> c(cell, hidden_dim);
  RowMap<T> tanh_c(tanh_cell, hidden_dim);
  c = forget * ConstRowMap<T>(previous_cell, hidden_dim) + input * candidate;
  tanh_c = c.tanh();
  RowMap<T>(hidden, hidden_dim) = output * tanh_c;
}

// All lanes at one step. The trace's gates already hold the input's part of the pre-activations.
template <class T>
void lstm_step_forward(const PackedLstmForward<T>& weights, const WindowShape& window, Index step,
                       const LstmState<T>& carried, LstmTrace<T>& trace) {
  const Index lanes = window.lanes;
  const Index hidden_dim = trace.hidden.cols();
  const Index first = step * lanes;
  for (Index lane = 0; lane < lanes; ++lane) {
    const Index row = first + lane;
    if (window.starts[row] != 0) {
      trace.previous_hidden.row(row).setZero();
      trace.previous_cell.row(row).setZero();
    } else if (step == 0) {
      trace.previous_hidden.row(row) = carried.hidden.row(lane);
      trace.previous_cell.row(row) = carried.cell.row(lane);
    } else {
      trace.previous_hidden.row(row) = trace.hidden.row(row - lanes);
      trace.previous_cell.row(row) = trace.cell.row(row - lanes);
    }
  }
  add_packed_product(rows_of(std::as_const(trace.previous_hidden), first, lanes), weights.hidden_weights,
                     rows_of(trace.gates, first, lanes));
  for (Index row = first; row < first + lanes; ++row) {
    lstm_gates_forward(trace.gates.row(row).data(), trace.previous_cell.row(row).data(), trace.cell.row(row).data(),
                       trace.tanh_cell.row(row).data(), trace.hidden.row(row).data(), hidden_dim);
  }
}

// The whole window: input [P × D] → trace.hidden [P × H]. The carried state is read, then replaced by the state after
// the window.
template <class T>
void lstm_forward(const PackedLstmForward<T>& weights, const WindowShape& window, const ConstMatrixMap<T>& input,
                  LstmState<T>& carried, LstmTrace<T>& trace) {
  trace.resize(window.positions(), weights.hidden_weights.depth());
  for (Index begin = 0; begin < window.steps; begin += window.block_steps()) {
    const Index end = std::min(window.steps, begin + window.block_steps());
    const Index first = begin * window.lanes;
    const Index positions = (end - begin) * window.lanes;
    MatrixMap<T> gates = rows_of(trace.gates, first, positions);
    gates.rowwise() = weights.bias.matrix();
    add_packed_product(rows_of(input, first, positions), weights.input_weights, gates);
    for (Index step = begin; step < end; ++step) lstm_step_forward(weights, window, step, carried, trace);
  }
  carried.hidden = trace.hidden.bottomRows(window.lanes);
  carried.cell = trace.cell.bottomRows(window.lanes);
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
