// The item head under full softmax cross-entropy. It computes logits, loss and gradients in blocks that stay in the L2
// cache. Each exponential is computed once.
#pragma once

#include <sotto/train/matrix.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

inline constexpr Index head_block_positions = 128;
inline constexpr Index head_block_items = 512;

template <class T>
struct HeadView {
  ConstMatrixMap<T> weights;  // [items × H]
  ConstRowMap<T> bias;        // [items]
};

// It may have rows for some items only (sampled softmax). Full softmax has all rows.
template <class T>
struct HeadGradientView {
  MatrixMap<T> weights;  // [item rows × H]
  RowMap<T> bias;        // [item rows]
};

// The targets at each of P positions. A position's loss is multiplied by `weight`.
struct HeadTargets {
  const std::uint32_t* item = nullptr;         // [P]
  const std::uint32_t* gradient_row = nullptr; // [P]: the item's row in the gradient
  const float* weight = nullptr;               // [P]
};

template <class T>
struct SoftmaxScratch {
  Matrix<T> block;  // [item blocks · head_block_positions × head_block_items]: exp(logit - block maximum)
  Matrix<T> block_max;  // [item blocks × head_block_positions]
  Matrix<T> block_sum;  // [item blocks × head_block_positions]
  RowArray<T> target_logit;  // [head_block_positions]
};

// Handles positions first … first + rows - 1. Adds to the head's gradient, writes those rows of d_input [P × H] and
// returns Σ weight · cross-entropy, in nats.
template <class T>
double softmax_head_block(const HeadView<T>& head, const Matrix<T>& input, const HeadTargets& targets, Index first,
                          Index rows, HeadGradientView<T>& gradient, Matrix<T>& d_input, SoftmaxScratch<T>& scratch) {
  const Index items = head.weights.rows();
  const Index item_blocks = (items + head_block_items - 1) / head_block_items;
  const auto block_input = input.middleRows(first, rows);

  for (Index b = 0; b < item_blocks; ++b) {
    const Index first_item = b * head_block_items;
    const Index width = std::min(head_block_items, items - first_item);
    auto block = scratch.block.block(b * head_block_positions, 0, rows, width);
    block.noalias() = block_input * head.weights.middleRows(first_item, width).transpose();
    for (Index r = 0; r < rows; ++r) {
      RowMap<T> logits(block.row(r).data(), width);
      logits += head.bias.segment(first_item, width);
      const Index target = static_cast<Index>(targets.item[first + r]) - first_item;
      if (target >= 0 && target < width) scratch.target_logit(r) = logits(target);
      const T max = logits.maxCoeff();
      logits = (logits - max).exp();
      scratch.block_max(b, r) = max;
      scratch.block_sum(b, r) = logits.sum();
    }
  }

  double loss = 0;
  for (Index r = 0; r < rows; ++r) {
    const T max = scratch.block_max.col(r).head(item_blocks).maxCoeff();
    T sum{0};
    for (Index b = 0; b < item_blocks; ++b) {
      // From here on block_max holds the factor that turns a block's values into probabilities.
      scratch.block_max(b, r) = std::exp(scratch.block_max(b, r) - max);
      sum += scratch.block_max(b, r) * scratch.block_sum(b, r);
    }
    const T weight = static_cast<T>(targets.weight[first + r]);
    loss += static_cast<double>(weight * (max + std::log(sum) - scratch.target_logit(r)));
    for (Index b = 0; b < item_blocks; ++b) scratch.block_max(b, r) *= weight / sum;
  }

  auto block_d_input = d_input.middleRows(first, rows);
  block_d_input.setZero();
  for (Index b = 0; b < item_blocks; ++b) {
    const Index first_item = b * head_block_items;
    const Index width = std::min(head_block_items, items - first_item);
    auto block = scratch.block.block(b * head_block_positions, 0, rows, width);
    for (Index r = 0; r < rows; ++r) {
      RowMap<T> d_logits(block.row(r).data(), width);
      d_logits *= scratch.block_max(b, r);
      const Index target = static_cast<Index>(targets.item[first + r]) - first_item;
      if (target >= 0 && target < width) d_logits(target) -= static_cast<T>(targets.weight[first + r]);
      gradient.bias.segment(first_item, width) += d_logits;
    }
    block_d_input.noalias() += block * head.weights.middleRows(first_item, width);
    gradient.weights.middleRows(first_item, width).noalias() += block.transpose() * block_input;
  }
  return loss;
}

// Handles all positions: input [P × H]. Adds to the gradient and writes d_input [P × H]. Returns Σ weight ·
// cross-entropy.
template <class T>
double softmax_head(const HeadView<T>& head, const Matrix<T>& input, const HeadTargets& targets,
                    HeadGradientView<T> gradient, Matrix<T>& d_input, SoftmaxScratch<T>& scratch) {
  const Index item_blocks = (head.weights.rows() + head_block_items - 1) / head_block_items;
  scratch.block.resize(item_blocks * head_block_positions, head_block_items);
  scratch.block_max.resize(item_blocks, head_block_positions);
  scratch.block_sum.resize(item_blocks, head_block_positions);
  scratch.target_logit.resize(head_block_positions);
  d_input.resize(input.rows(), input.cols());
  double loss = 0;
  for (Index first = 0; first < input.rows(); first += head_block_positions) {
    const Index rows = std::min(head_block_positions, input.rows() - first);
    loss += softmax_head_block(head, input, targets, first, rows, gradient, d_input, scratch);
  }
  return loss;
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
