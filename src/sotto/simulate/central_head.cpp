#include <sotto/base/random.hpp>
#include <sotto/simulate/central_head.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace sotto::simulate {
namespace {

constexpr std::size_t batch_size = 64;
constexpr std::size_t rows_of_a_job = 256;
constexpr float negligible = 1e-5F;

}  // namespace

CentralHead::CentralHead(HeadRows& base, std::size_t hidden_dim, std::uint64_t seed)
    : base_(&base),
      addition_(base.items(), hidden_dim),
      row_squares_(base.rows.size()),
      bias_squares_(base.items()),
      seed_(seed),
      padded_items_(round_up(base.items(), float_tile)),
      inputs_(batch_size * base.stride),
      errors_(batch_size * padded_items_),
      more_(batch_size * padded_items_) {}

void CentralHead::finish_round(const Kernels& kernels, const Choices& choices, std::size_t round_begins,
                               train::ThreadPool& pool) {
  Random random(seed_ ^ choices.size());
  std::vector<std::size_t> order(choices.size() - round_begins);
  std::iota(order.begin(), order.end(), round_begins);
  const std::size_t earlier = std::min(order.size(), round_begins);
  for (std::size_t i = 0; i < earlier; ++i) order.push_back(random.below(static_cast<std::uint32_t>(round_begins)));
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  }
  for (std::size_t begin = 0; begin < order.size(); begin += batch_size) {
    train_on(kernels, choices, std::span(order).subspan(begin, std::min(batch_size, order.size() - begin)), pool);
  }
}

void CentralHead::train_on(const Kernels& kernels, const Choices& choices, std::span<const std::size_t> batch,
                           train::ThreadPool& pool) {
  const std::size_t items = base_->items();
  const std::size_t stride = base_->stride;
  pool.run(batch.size(), [&](std::size_t n) {
    const auto u = inputs_.span().subspan(n * stride, stride);
    const auto errors = errors_.span().subspan(n * padded_items_, padded_items_);
    const auto added = more_.span().subspan(n * padded_items_, padded_items_);
    to_float(choices.head_input(batch[n]), u);
    multiply(kernels, *base_, u, errors);
    multiply(kernels, addition_, u, added);
    for (std::size_t i = 0; i < items; ++i) errors[i] += added[i];
    softmax(kernels, items, errors);
    errors[choices.item(batch[n])] -= 1;
  });
  const float weight = 1.0F / static_cast<float>(batch.size());
  pool.run((items + rows_of_a_job - 1) / rows_of_a_job, [&](std::size_t job) {
    std::vector<float> gradient(stride);
    const std::size_t end = std::min(items, (job + 1) * rows_of_a_job);
    for (std::size_t item = job * rows_of_a_job; item < end; ++item) {
      std::ranges::fill(gradient, 0.0F);
      float of_bias = 0;
      for (std::size_t n = 0; n < batch.size(); ++n) {
        const float error = errors_[n * padded_items_ + item];
        if (std::abs(error) < negligible) continue;
        const float* u = &inputs_[n * stride];
        for (std::size_t i = 0; i < stride; ++i) gradient[i] += weight * error * u[i];
        of_bias += weight * error;
      }
      if (of_bias == 0) continue;
      central_row_step.take(addition_.row(item), std::span(row_squares_).subspan(item * stride, stride), gradient);
      central_bias_step.take({&addition_.bias[item], 1}, {&bias_squares_[item], 1}, {&of_bias, 1});
    }
  });
}

}  // namespace sotto::simulate
