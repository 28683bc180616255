// Float32: Sotto's dot_rows_f32, which takes one input at a time, and XNNPACK's f32 fully connected operator.
#include "contender.hpp"
#include "fully_connected.hpp"

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/random.hpp>
#include <sotto/numeric/kernels.hpp>

#include <cmath>
#include <limits>
#include <memory>

namespace head_products {
namespace {

using namespace sotto;

struct FloatHead {
  std::size_t items, dim, batch;
  AlignedBuffer<float> rows{items * dim};
  AlignedBuffer<float> bias{items};
  AlignedBuffer<float> inputs{batch * dim + readable_behind};
  AlignedBuffer<float> logits{batch * items};
};

std::shared_ptr<FloatHead> random_head(std::size_t items, std::size_t dim, std::size_t batch) {
  const auto head = std::make_shared<FloatHead>(items, dim, batch);
  Random random(7);
  for (auto* values : {&head->rows, &head->bias, &head->inputs}) {
    for (float& v : values->span()) v = 2 * random.uniform() - 1;
  }
  return head;
}

// Within 10^-6 of the sum of the terms' sizes.
bool is_right(const FloatHead& head) {
  for (std::size_t n = 0; n < head.batch; ++n) {
    const float* x = head.inputs.data() + n * head.dim;
    for (std::size_t i = 0; i < head.items; ++i) {
      double sum = double{head.bias[i]};
      double size = std::abs(sum);
      for (std::size_t c = 0; c < head.dim; ++c) {
        const double product = double{head.rows[i * head.dim + c]} * double{x[c]};
        sum += product;
        size += std::abs(product);
      }
      if (!(std::abs(sum - double{head.logits[n * head.items + i]}) <= 1e-6 * size)) return false;
    }
  }
  return true;
}

}  // namespace

std::vector<Contender> float_contenders(std::size_t items, std::size_t dim, std::size_t batch) {
  const auto head = random_head(items, dim, batch);
  const auto check = [head] { return is_right(*head); };

  const auto sotto = [head] {
    const FloatRows rows{head->rows.data(), head->items, head->dim};
    for (std::size_t n = 0; n < head->batch; ++n) {
      best_kernels().dot_rows_f32(rows, head->inputs.data() + n * head->dim, head->bias.data(),
                                  head->logits.data() + n * head->items);
    }
  };

  const Operator op = make_operator([&](xnn_operator_t* result) {
    constexpr float no_limit = std::numeric_limits<float>::infinity();
    return xnn_create_fully_connected_nc_f32(dim, items, dim, items, head->rows.data(), head->bias.data(), -no_limit,
                                             no_limit, 0, nullptr, nullptr, result);
  });
  const auto xnnpack = [head, op] {
    (void)xnn_reshape_fully_connected_nc_f32(op.get(), head->batch, nullptr);
    (void)xnn_setup_fully_connected_nc_f32(op.get(), head->inputs.data(), head->logits.data());
    (void)xnn_run_operator(op.get(), nullptr);
  };
  return {{"Sotto dot_rows_f32", sotto, check}, {"XNNPACK f32", xnnpack, check}};
}

}  // namespace head_products
