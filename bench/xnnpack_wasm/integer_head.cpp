// Int8 weights with a scale and a bias of each row, and inputs of 7 bits; what each contender makes of the sums:
//
//   Sotto scores          int32: a score in Q15.16
//   Sotto matmul          int32: the sums alone, of several inputs
//   XNNPACK qs8-qc8w      int8: scaled and rounded to one scale for all rows
//   XNNPACK qd8-f32-qc8w  float32: scaled by the row's scale and the input's. Its inputs are given in int8, as the
//                         others' are, so that quantizing them is not measured.
#include "contender.hpp"
#include "fully_connected.hpp"

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/random.hpp>
#include <sotto/numeric/kernels.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

namespace head_products {
namespace {

using namespace sotto;

constexpr int zero_point = 64;        // of Sotto's inputs, 0 … 127; XNNPACK's are the same less 64
constexpr int down = 16;              // scores' shift
constexpr float input_scale = 0.03F;  // qd8's, of all inputs

struct IntegerHead {
  std::size_t items, dim, batch;
  AlignedBuffer<std::int8_t> rows{items * dim};
  AlignedBuffer<std::int32_t> offset{items}, multiplier{items}, bias{items};
  AlignedBuffer<std::uint8_t> inputs{batch * dim};
  AlignedBuffer<std::int8_t> signed_inputs{batch * dim + readable_behind};

  [[nodiscard]] KernelMatrix matrix() const noexcept { return {rows.data(), offset.data(), items, dim}; }
  [[nodiscard]] double factor(std::size_t i) const { return std::ldexp(multiplier[i], -down); }
};

std::shared_ptr<IntegerHead> random_head(std::size_t items, std::size_t dim, std::size_t batch) {
  const auto head = std::make_shared<IntegerHead>(items, dim, batch);
  Random random(7);
  for (std::size_t i = 0; i < items; ++i) {
    std::int32_t sum = 0;
    for (std::int8_t& weight : head->rows.span().subspan(i * dim, dim)) {
      weight = static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127);
      sum += weight;
    }
    head->offset[i] = -zero_point * sum;
    head->multiplier[i] = static_cast<std::int32_t>((1U << 15) + random.below(1U << 15));  // 0.5 … 1
    head->bias[i] = static_cast<std::int32_t>(random.below(1U << 14)) - (1 << 13);
  }
  for (std::size_t k = 0; k < batch * dim; ++k) {
    head->inputs[k] = static_cast<std::uint8_t>(random.below(128));
    head->signed_inputs[k] = static_cast<std::int8_t>(head->inputs[k] - zero_point);
  }
  return head;
}

std::int32_t exact_sum(const IntegerHead& head, std::size_t n, std::size_t i) {
  std::int32_t sum = 0;
  for (std::size_t c = 0; c < head.dim; ++c) {
    sum += head.rows[i * head.dim + c] * head.signed_inputs[n * head.dim + c];
  }
  return sum;
}

// Each result within `tolerance` of expected(exact sum, i).
template <class T, class Expected>
bool all_near(const IntegerHead& head, const AlignedBuffer<T>& results, double tolerance, Expected expected) {
  for (std::size_t n = 0; n < head.batch; ++n) {
    for (std::size_t i = 0; i < head.items; ++i) {
      const double exact = expected(static_cast<double>(exact_sum(head, n, i)), i);
      if (!(std::abs(static_cast<double>(results[n * head.items + i]) - exact) <= tolerance)) return false;
    }
  }
  return true;
}

using Head = std::shared_ptr<const IntegerHead>;

Contender sotto_scores(const Head& head) {
  const auto scores = std::make_shared<AlignedBuffer<std::int32_t>>(head->batch * head->items);
  std::vector<std::int32_t*> out;
  for (std::size_t n = 0; n < head->batch; ++n) out.push_back(scores->data() + n * head->items);
  const auto call = [=, downs = std::vector<int>(head->batch, down)] {
    best_kernels().scores(head->matrix(), {head->inputs.data(), downs.data(), head->batch},
                          {head->multiplier.data(), head->bias.data()}, out.data());
  };
  const auto expected = [=](double sum, std::size_t i) { return sum * head->factor(i) + head->bias[i]; };
  return {"Sotto scores", call, [=] { return all_near(*head, *scores, 0.5, expected); }};
}

Contender sotto_matmul(const Head& head) {
  const auto sums = std::make_shared<AlignedBuffer<std::int32_t>>(head->batch * head->items);
  const auto call = [=] {
    best_kernels().matmul(head->matrix(), head->inputs.data(), head->batch, sums->data(), head->items);
  };
  const auto expected = [](double sum, std::size_t) { return sum; };
  return {"Sotto matmul", call, [=] { return all_near(*head, *sums, 0, expected); }};
}

Contender xnnpack_qs8(const Head& head) {
  // The results of random rows and inputs fill most of int8. The bias is added to the sum, before the scale.
  const float output_scale = 37.0F * 73.0F * std::sqrt(static_cast<float>(head->dim)) / 40.0F;
  std::vector<float> scales(head->items);
  for (std::size_t i = 0; i < head->items; ++i) scales[i] = static_cast<float>(head->factor(i));
  const Operator op = make_operator([&](xnn_operator_t* result) {
    return xnn_create_fully_connected_nc_qs8_qc8w(head->dim, head->items, head->dim, head->items, 0, 1.0F,
                                                  scales.data(), head->rows.data(), head->bias.data(), 0, output_scale,
                                                  -128, 127, 0, nullptr, nullptr, result);
  });
  const auto results = std::make_shared<AlignedBuffer<std::int8_t>>(head->batch * head->items);
  const auto call = [=] {
    (void)xnn_reshape_fully_connected_nc_qs8_qc8w(op.get(), head->batch, nullptr);
    (void)xnn_setup_fully_connected_nc_qs8_qc8w(op.get(), head->signed_inputs.data(), results->data());
    (void)xnn_run_operator(op.get(), nullptr);
  };
  const auto expected = [=](double sum, std::size_t i) {
    return std::clamp((sum + head->bias[i]) * head->factor(i) / double{output_scale}, -128.0, 127.0);
  };
  return {"XNNPACK qs8-qc8w", call, [=] { return all_near(*head, *results, 0.501, expected); }};
}

Contender xnnpack_qd8(const Head& head) {
  constexpr float no_limit = std::numeric_limits<float>::infinity();
  std::vector<float> scales(head->items);
  std::vector<float> bias(head->items);
  for (std::size_t i = 0; i < head->items; ++i) {
    scales[i] = static_cast<float>(head->factor(i));
    bias[i] = static_cast<float>(head->bias[i]) * input_scale;
  }
  const Operator op = make_operator([&](xnn_operator_t* result) {
    return xnn_create_fully_connected_nc_qd8_f32_qc8w(head->dim, head->items, head->dim, head->items, scales.data(),
                                                      head->rows.data(), bias.data(), -no_limit, no_limit, 0, nullptr,
                                                      nullptr, result);
  });
  const auto results = std::make_shared<AlignedBuffer<float>>(head->batch * head->items);
  const auto quantization = std::make_shared<std::vector<xnn_quantization_params>>(
      head->batch + XNN_EXTRA_QUANTIZATION_PARAMS, xnn_quantization_params{0, input_scale});
  const auto call = [=] {
    (void)xnn_reshape_fully_connected_nc_qd8_f32_qc8w(op.get(), head->batch, nullptr);
    (void)xnn_setup_fully_connected_nc_qd8_f32_qc8w(op.get(), head->signed_inputs.data(), results->data(),
                                                    quantization->data());
    (void)xnn_run_operator(op.get(), nullptr);
  };
  const auto expected = [=](double sum, std::size_t i) {
    return (sum * head->factor(i) + head->bias[i]) * double{input_scale};
  };
  // A few roundings of 2^-24 of the largest sum, 127 · 64 · dim.
  const double tolerance = 4e-7 * 127 * 64 * static_cast<double>(head->dim) * double{input_scale};
  return {"XNNPACK qd8-f32-qc8w", call, [=] { return all_near(*head, *results, tolerance, expected); }};
}

}  // namespace

std::vector<Contender> integer_contenders(std::size_t items, std::size_t dim, std::size_t batch) {
  const Head head = random_head(items, dim, batch);
  return {sotto_scores(head), sotto_matmul(head), xnnpack_qs8(head), xnnpack_qd8(head)};
}

}  // namespace head_products
