#include <sotto/train/optimizer.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::train {
namespace {

// Threads get work in stretches of this many values or rows. The size is fixed, and the sums of squares of the
// stretches are added in order, so that the norm does not depend on the threads.
constexpr std::size_t stretch_values = 16384;
constexpr std::size_t stretch_rows = 256;

std::size_t stretches(std::size_t size, std::size_t of) { return (size + of - 1) / of; }

}  // namespace

Optimizer::Optimizer(const ParameterLayout& layout, OptimizerKind kind, Conventions conventions, double weight_decay,
                     double clip_norm)
    : layout_(layout),
      kind_(kind),
      conventions_(conventions),
      weight_decay_(weight_decay),
      clip_norm_(clip_norm),
      first_moment_(kind == OptimizerKind::adam ? layout.size : 0),
      second_moment_(layout.size),
      shared_gradient_(layout.size - layout.shared_begin) {}

void Optimizer::step(const StepGradients& gradients, double learning_rate, std::span<float> parameters,
                     ThreadPool& pool) {
  const std::size_t size = gradients.layout.size;
  if (sum_.size() < size) sum_ = AlignedBuffer<float>(size);
  double square = sum(gradients.shards, size, sum_.data(), pool);
  if (gradients.item_vectors != nullptr) {
    gradients.item_vectors->backward(parameters, gradients.layout, gradients.row_items, sum_.data(),
                                     shared_gradient_.span(), pool);
    const float* const items[] = {sum_.data()};
    const float* const shared[] = {shared_gradient_.data()};
    square = sum(items, size, sum_.data(), pool) + sum(shared, shared_gradient_.size(), shared_gradient_.data(), pool);
  }
  const double norm = std::sqrt(square);

  powers_.beta1 *= adam_beta1;
  powers_.beta2 *= adam_beta2;
  OptimizerStep scalars;
  scalars.learning_rate = learning_rate;
  scalars.weight_decay = weight_decay_;
  scalars.gradient_scale = clip_norm_ > 0 && norm > clip_norm_ ? clip_norm_ / norm : 1.0;
  scalars.first_correction = 1 - powers_.beta1;
  scalars.second_correction = 1 - powers_.beta2;
  if (conventions_ == Conventions::keras) scalars.epsilon = keras_adam_epsilon / std::sqrt(scalars.second_correction);
  if (gradients.row_items.empty()) {
    update_dense(scalars, sum_.data(), 0, size, parameters.data(), pool);
  } else {
    update_dense(scalars, sum_.data(), 0, layout_.dense_size, parameters.data(), pool);
    update_rows(scalars, gradients, parameters.data(), pool);
  }
  update_dense(scalars, shared_gradient_.data(), layout_.shared_begin, shared_gradient_.size(), parameters.data(),
               pool);
}

double Optimizer::sum(std::span<const float* const> arrays, std::size_t size, float* into, ThreadPool& pool) {
  std::vector<double> squares(stretches(size, stretch_values));
  pool.run(squares.size(), [&](std::size_t i) {
    const std::size_t begin = i * stretch_values;
    const std::size_t end = std::min(size, begin + stretch_values);
    squares[i] = compute().sum_gradients(arrays.data(), arrays.size(), begin, end, into);
  });
  double square = 0;
  for (const double s : squares) square += s;
  return square;
}

void Optimizer::update(const OptimizerStep& step, float* parameters, const float* gradient, std::size_t at,
                       std::size_t count) {
  if (kind_ == OptimizerKind::adam) {
    compute().adam_update(step, parameters + at, gradient, first_moment_.data() + at, second_moment_.data() + at,
                          count);
  } else {
    compute().adagrad_update(step, parameters + at, gradient, second_moment_.data() + at, count);
  }
}

void Optimizer::update_dense(const OptimizerStep& step, const float* gradient, std::size_t at, std::size_t size,
                             float* parameters, ThreadPool& pool) {
  pool.run(stretches(size, stretch_values), [&](std::size_t i) {
    const std::size_t begin = i * stretch_values;
    update(step, parameters, gradient + begin, at + begin, std::min(size - begin, stretch_values));
  });
}

void Optimizer::update_rows(const OptimizerStep& step, const StepGradients& gradients, float* parameters,
                            ThreadPool& pool) {
  const auto items = gradients.row_items;
  const auto update_row = [&](const Block& to, const Block& from, std::size_t item, std::size_t row,
                              std::size_t width) {
    const std::size_t at = to.offset + item * width;
    update(step, parameters, sum_.data() + from.offset + row * width, at, width);
  };
  pool.run(stretches(items.size(), stretch_rows), [&](std::size_t i) {
    const std::size_t end = std::min(items.size(), (i + 1) * stretch_rows);
    for (std::size_t row = i * stretch_rows; row < end; ++row) {
      update_row(layout_.embedding, gradients.layout.embedding, items[row], row, layout_.embedding.cols);
      if (!layout_.item_head) continue;
      if (!layout_.tied_head) update_row(layout_.head, gradients.layout.head, items[row], row, layout_.head.cols);
      update_row(layout_.head_bias, gradients.layout.head_bias, items[row], row, 1);
    }
  });
}

}  // namespace sotto::train
