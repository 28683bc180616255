// The whole network for one shard of a batch: forward, loss, backward.
#pragma once

#include <sotto/train/binary_head.hpp>
#include <sotto/train/dropout.hpp>
#include <sotto/train/lstm_backward.hpp>
#include <sotto/train/lstm_forward.hpp>
#include <sotto/train/sampled_head.hpp>
#include <sotto/train/softmax_head.hpp>
#include <sotto/train/step.hpp>

#include <utility>
#include <vector>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

template <class T>
[[nodiscard]] LstmView<T> lstm_view(const ParameterLayout& layout, std::size_t layer, const T* parameters) {
  const LstmBlocks& blocks = layout.lstm[layer];
  return {matrix_of(parameters, blocks.input_weights), matrix_of(parameters, blocks.hidden_weights),
          row_of(parameters, blocks.bias)};
}

template <class T>
[[nodiscard]] LstmGradientView<T> lstm_gradient_view(const ParameterLayout& layout, std::size_t layer, T* gradient) {
  const LstmBlocks& blocks = layout.lstm[layer];
  return {matrix_of(gradient, blocks.input_weights), matrix_of(gradient, blocks.hidden_weights),
          row_of(gradient, blocks.bias)};
}

// The packed layers of the LSTM. They are packed once for all shards with the same parameters.
template <class T>
struct PackedLayers {
  std::vector<PackedLstmForward<T>> forward;
  std::vector<PackedLstmBackward<T>> backward;

  explicit PackedLayers(std::size_t layers) : forward(layers), backward(layers) {}
  void pack_forward(const ParameterLayout& layout, std::size_t layer, const T* parameters) {
    forward[layer].pack(lstm_view(layout, layer, parameters));
  }
  void pack_backward(const ParameterLayout& layout, std::size_t layer, const T* parameters) {
    backward[layer].pack(lstm_view(layout, layer, parameters));
  }
};

template <class T>
struct LayerScratch {
  Matrix<T> input;         // [P × D or H], after dropout
  Matrix<T> mask;          // mask of this layer's output hidden values [P × H]; not drawn without dropout
  LstmTrace<T> trace;
  LstmState<T> state;      // carried from window to window
};

template <class T>
struct ShardScratch {
  std::vector<LayerScratch<T>> layers;
  Matrix<T> input_mask;   // [P × D]
  Matrix<T> head_input;   // u, [P × H]
  Matrix<T> d_head_input; // [P × H]
  Matrix<T> d_hidden;     // [P × H]
  Matrix<T> d_input;      // [P × D or H]
  LstmBackwardScratch<T> lstm;
  SoftmaxScratch<T> softmax;
  SampledScratch<T> sampled;
  std::vector<LstmStateGradient<T>> carried;  // for each layer, only with a binary head
};

// Forgets all carried state. It is called before the first window of an epoch.
template <class T>
void reset_state(const ParameterLayout& layout, std::size_t lanes, ShardScratch<T>& scratch) {
  scratch.layers.resize(layout.layers);
  for (auto& layer : scratch.layers) {
    layer.state.hidden.setZero(index(lanes), index(layout.hidden_dim));
    layer.state.cell.setZero(index(lanes), index(layout.hidden_dim));
  }
}

// Embedding → LSTM × N → head input u [P × H]. It leaves the values for the backward pass in scratch.
template <class T>
void forward(const ParameterLayout& layout, const T* parameters, const PackedLayers<T>& packed, const ShardStep& step,
             const Dropout& dropout, ShardScratch<T>& scratch) {
  const WindowShape window{index(step.steps), index(step.lanes), step.starts};
  const auto embedding = matrix_of(parameters, layout.embedding);
  Random random(step.dropout_seed);

  auto& first_input = scratch.layers[0].input;
  first_input.resize(window.positions(), embedding.cols());
  for (Index p = 0; p < window.positions(); ++p) first_input.row(p) = embedding.row(static_cast<Index>(step.input[p]));
  if (dropout.input > 0) {
    draw_dropout_mask(dropout.input, random, first_input.rows(), first_input.cols(), scratch.input_mask);
    first_input.array() *= scratch.input_mask.array();
  }

  for (std::size_t l = 0; l < layout.layers; ++l) {
    auto& layer = scratch.layers[l];
    lstm_forward(packed.forward[l], window, rows_of(std::as_const(layer.input), 0, window.positions()), layer.state,
                 layer.trace);
    auto& above = l + 1 < layout.layers ? scratch.layers[l + 1].input : scratch.head_input;
    above = layer.trace.hidden;
    if (dropout.output > 0) {
      draw_dropout_mask(dropout.output, random, above.rows(), above.cols(), layer.mask);
      above.array() *= layer.mask.array();
    }
  }
  if (layout.skip.rows != 0) {
    scratch.head_input.noalias() += first_input * matrix_of(parameters, layout.skip).transpose();
  }
}

// Propagates d_head_input back to the parameters and adds to the gradient. With `through_carried`, it also propagates
// from the states after the window to those before it. Both are in scratch.carried.
template <class T>
void backward(const ParameterLayout& layout, const T* parameters, const PackedLayers<T>& packed,
              const ParameterLayout& gradient_layout, T* gradient, const ShardStep& step, const Dropout& dropout,
              ShardScratch<T>& scratch, bool through_carried = false) {
  const WindowShape window{index(step.steps), index(step.lanes), step.starts};
  scratch.d_hidden = scratch.d_head_input;
  for (std::size_t l = layout.layers; l-- > 0;) {
    auto& layer = scratch.layers[l];
    if (dropout.output > 0) scratch.d_hidden.array() *= layer.mask.array();
    lstm_backward(packed.backward[l], window, rows_of(std::as_const(layer.input), 0, window.positions()), layer.trace,
                  scratch.d_hidden, lstm_gradient_view(gradient_layout, l, gradient), scratch.d_input, scratch.lstm,
                  through_carried ? &scratch.carried[l] : nullptr);
    if (l > 0) scratch.d_hidden.swap(scratch.d_input);
  }

  if (layout.skip.rows != 0) {
    matrix_of(gradient, gradient_layout.skip).noalias() += scratch.d_head_input.transpose() * scratch.layers[0].input;
    scratch.d_input.noalias() += scratch.d_head_input * matrix_of(parameters, layout.skip);
  }
  if (dropout.input > 0) scratch.d_input.array() *= scratch.input_mask.array();
  auto d_embedding = matrix_of(gradient, gradient_layout.embedding);
  for (Index p = 0; p < window.positions(); ++p) {
    d_embedding.row(static_cast<Index>(step.input_row[p])) += scratch.d_input.row(p);
  }
}

template <class T>
[[nodiscard]] HeadView<T> head_view(const ParameterLayout& layout, const T* parameters) {
  return {matrix_of(parameters, layout.head), row_of(parameters, layout.head_bias)};
}

template <class T>
[[nodiscard]] HeadGradientView<T> head_gradient_view(const ParameterLayout& layout, T* gradient) {
  return {matrix_of(gradient, layout.head), row_of(gradient, layout.head_bias)};
}

// A binary head's candidates form a window of one step, with a lane for each candidate.
[[nodiscard]] inline ShardStep candidate_step(const ShardStep& step) {
  ShardStep branch;
  branch.steps = 1;
  branch.lanes = step.lanes * step.candidates;
  branch.starts = step.candidate_starts;
  branch.input = step.candidate;
  branch.input_row = step.candidate_row;
  branch.dropout_seed = ~step.dropout_seed;
  return branch;
}

// Runs the histories, then each lane's candidates from its state.
template <class T>
void forward_to_candidates(const ParameterLayout& layout, const T* parameters, const PackedLayers<T>& packed,
                           const ShardStep& step, const Dropout& dropout, ShardScratch<T>& histories,
                           ShardScratch<T>& candidates) {
  forward(layout, parameters, packed, step, dropout, histories);
  candidates.layers.resize(layout.layers);
  for (std::size_t l = 0; l < layout.layers; ++l) {
    const LstmState<T>& from = histories.layers[l].state;
    LstmState<T>& to = candidates.layers[l].state;
    to.hidden.resize(index(step.lanes * step.candidates), from.hidden.cols());
    to.cell.resize(to.hidden.rows(), to.hidden.cols());
    for (Index c = 0; c < to.hidden.rows(); ++c) {
      to.hidden.row(c) = from.hidden.row(c / index(step.candidates));
      to.cell.row(c) = from.cell.row(c / index(step.candidates));
    }
  }
  forward(layout, parameters, packed, candidate_step(step), dropout, candidates);
}

// Propagates from the candidates back to the parameters and to their histories' last states, then through the
// histories.
template <class T>
void backward_from_candidates(const ParameterLayout& layout, const T* parameters, const PackedLayers<T>& packed,
                              const ParameterLayout& gradient_layout, T* gradient, const ShardStep& step,
                              const Dropout& dropout, ShardScratch<T>& histories, ShardScratch<T>& candidates) {
  const Index hidden_dim = index(layout.hidden_dim);
  candidates.carried.resize(layout.layers);
  for (auto& layer : candidates.carried) {
    layer.hidden.setZero(index(step.lanes * step.candidates), hidden_dim);
    layer.cell.setZero(layer.hidden.rows(), hidden_dim);
  }
  backward(layout, parameters, packed, gradient_layout, gradient, candidate_step(step), dropout, candidates, true);

  histories.carried.resize(layout.layers);
  for (std::size_t l = 0; l < layout.layers; ++l) {
    auto& sum = histories.carried[l];
    sum.hidden.setZero(index(step.lanes), hidden_dim);
    sum.cell.setZero(index(step.lanes), hidden_dim);
    for (Index c = 0; c < index(step.lanes * step.candidates); ++c) {
      sum.hidden.row(c / index(step.candidates)) += candidates.carried[l].hidden.row(c);
      sum.cell.row(c / index(step.candidates)) += candidates.carried[l].cell.row(c);
    }
  }
  histories.d_head_input.setZero(index(step.steps * step.lanes), hidden_dim);
  backward(layout, parameters, packed, gradient_layout, gradient, step, dropout, histories, true);
}

// Writes the gradient of Σ weight · loss over the shard's positions and returns that sum. `gradient_layout` may have
// fewer item rows than `layout`. `packed` has the parameters' layers, packed for both directions. Advances the lanes'
// state. `candidates` is scratch that only a binary head uses.
template <class T>
double shard_gradient(const ParameterLayout& layout, const T* parameters, const PackedLayers<T>& packed,
                      const ParameterLayout& gradient_layout, T* gradient, const ShardStep& step,
                      const Dropout& dropout, ShardScratch<T>& scratch, ShardScratch<T>& candidates) {
  Eigen::Map<RowArray<T>>(gradient, index(gradient_layout.size)).setZero();
  const HeadView<T> head = head_view(layout, parameters);
  HeadGradientView<T> head_gradient = head_gradient_view(gradient_layout, gradient);
  if (step.loss == Loss::binary) {
    forward_to_candidates(layout, parameters, packed, step, dropout, scratch, candidates);
    const double loss = binary_head(head, candidates.head_input, {step.label, step.candidate_weight}, head_gradient,
                                    candidates.d_head_input)
                            .loss;
    backward_from_candidates(layout, parameters, packed, gradient_layout, gradient, step, dropout, scratch, candidates);
    return loss;
  }

  forward(layout, parameters, packed, step, dropout, scratch);
  const HeadTargets targets{step.target, step.target_row, step.weight};
  double loss = 0;
  if (step.negatives == 0) {
    loss = softmax_head(head, scratch.head_input, targets, head_gradient, scratch.d_head_input, scratch.softmax);
  } else {
    const Negatives negatives{index(step.negatives), step.negative, step.negative_row, step.negative_log_count,
                              step.target_log_count};
    loss = sampled_head(step.loss, head, scratch.head_input, targets, negatives, head_gradient, scratch.d_head_input,
                        scratch.sampled);
  }
  backward(layout, parameters, packed, gradient_layout, gradient, step, dropout, scratch);
  return loss;
}

// Computes the binary head's loss on a step, without dropout and without a gradient.
template <class T>
BinaryLoss shard_binary_loss(const ParameterLayout& layout, const T* parameters, const PackedLayers<T>& packed,
                             const ShardStep& step, ShardScratch<T>& scratch, ShardScratch<T>& candidates) {
  forward_to_candidates(layout, parameters, packed, step, Dropout{}, scratch, candidates);
  Matrix<T> d_weights = Matrix<T>::Zero(1, index(layout.hidden_dim));
  T d_bias{0};
  return binary_head(head_view(layout, parameters), candidates.head_input, {step.label, step.candidate_weight},
                     {MatrixMap<T>(d_weights.data(), 1, d_weights.cols()), RowMap<T>(&d_bias, 1)},
                     candidates.d_head_input);
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
