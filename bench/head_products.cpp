// A head's products with one input or a batch of them: XNNPACK, Eigen and Sotto's own kernels, in float32 and in int8.
// A measurement, not a part of the library (docs/performance.md has the figures and what follows from them). Needs
// AVX2, Eigen and XNNPACK.
//
//   c++ -std=c++20 -O3 -mavx2 -mfma -Isrc -isystem /usr/include/eigen3 -o head_products
//     bench/head_products.cpp build/release/src/sotto/{evaluate/libsotto_evaluate,measure/libsotto_measure}.a
//     build/release/src/sotto/{model/libsotto_model,numeric/libsotto_numeric,base/libsotto_base}.a -lXNNPACK
//     -lpthreadpool
//   head_products [--rounds N] [--items N --dim D] [--batch B] [--json]
//
// One thread. In each round every contender has its turn; a figure is the median of the rounds, a ratio the median of
// the rounds' own. Before that each contender's results are compared with sums in double.
#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/random.hpp>
#include <sotto/evaluate/head_products.hpp>
#include <sotto/measure/rounds.hpp>
#include <sotto/measure/spread.hpp>
#include <sotto/numeric/kernels.hpp>

// The library has an Eigen without AVX2, which the linker must not take for this one.
#define Eigen EigenAvx2
#include <Eigen/Core>

#include <xnnpack.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace sotto;

constexpr std::size_t max_batch = 256;
constexpr std::size_t readable_behind = XNN_EXTRA_BYTES;  // elements behind XNNPACK's inputs

struct Contender {
  const char* name;
  std::function<void()> call;
  std::function<bool()> is_right = {};  // after a call
};

struct Case {
  const char* type;
  std::size_t items, dim, batch;
};

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "head_products: %s\n", what);
  std::exit(1);
}

// --- float32 ---------------------------------------------------------------------------------------------

struct FloatHead {
  MatrixF32 rows;
  std::vector<float> bias;
  std::vector<float> inputs;  // [max_batch × dim]
};

FloatHead float_head(std::size_t items, std::size_t dim, Random& random) {
  FloatHead head{MatrixF32(static_cast<std::uint32_t>(items), static_cast<std::uint32_t>(dim)),
                 std::vector<float>(items), std::vector<float>(max_batch * dim)};
  for (auto* values : {&head.rows.values, &head.bias, &head.inputs}) {
    for (float& v : *values) v = 2 * random.uniform() - 1;
  }
  return head;
}

// The logits of the inputs from `first` on.
bool is_right(const FloatHead& head, std::span<const float> logits, std::size_t first = 0) {
  const std::size_t items = head.rows.rows;
  const std::size_t dim = head.rows.cols;
  for (std::size_t n = 0; n < logits.size() / items; ++n) {
    for (std::size_t i = 0; i < items; ++i) {
      double sum = double{head.bias[i]}, size = std::abs(sum);
      for (std::size_t c = 0; c < dim; ++c) {
        const double product = double{head.rows.row(i)[c]} * double{head.inputs[(first + n) * dim + c]};
        sum += product;
        size += std::abs(product);
      }
      if (!(std::abs(sum - double{logits[n * items + i]}) <= 1e-6 * size)) return false;
    }
  }
  return true;
}

// Calls that differ between XNNPACK's releases: see src/sotto/evaluate/head_products_xnnpack.cpp.
template <class Result>
xnn_status create_f32(const FloatHead& head, Result* result) {
  constexpr float no_limit = std::numeric_limits<float>::infinity();
  const auto with = [&](auto... caches)
    requires requires(Result* r) {
      xnn_create_fully_connected_nc_f32(0, 0, 0, 0, nullptr, nullptr, 0, 0, 0, caches..., r);
    }
  {
    return xnn_create_fully_connected_nc_f32(head.rows.cols, head.rows.rows, head.rows.cols, head.rows.rows,
                                             head.rows.values.data(), head.bias.data(), -no_limit, no_limit, 0,
                                             caches..., result);
  };
  if constexpr (std::is_invocable_v<decltype(with)>) {
    return with();
  } else if constexpr (std::is_invocable_v<decltype(with), std::nullptr_t>) {
    return with(nullptr);
  } else {
    return with(nullptr, nullptr);
  }
}

template <class Op>
xnn_status prepare_f32(Op op, std::size_t batch, const float* inputs, float* results) {
  if constexpr (requires { xnn_setup_fully_connected_nc_f32(op, inputs, results); }) {
    const xnn_status status = xnn_reshape_fully_connected_nc_f32(op, batch, nullptr);
    return status == xnn_status_success ? xnn_setup_fully_connected_nc_f32(op, inputs, results) : status;
  } else {
    return xnn_setup_fully_connected_nc_f32(op, batch, inputs, results, nullptr);
  }
}

std::shared_ptr<void> owned(xnn_operator_t op) {
  return {op, [](void* p) { xnn_delete_operator(static_cast<xnn_operator_t>(p)); }};
}

// As evaluation does it, in batches of at most HeadProducts::max_batch.
Contender head_products(const char* name, const FloatHead& head, std::shared_ptr<evaluate::HeadProducts> products,
                        std::size_t batch) {
  using evaluate::HeadProducts;
  const auto run = [=, &head](auto&& with_logits) {
    const std::size_t dim = head.rows.cols;
    for (std::size_t begin = 0; begin < batch; begin += HeadProducts::max_batch) {
      const std::size_t size = std::min(batch - begin, HeadProducts::max_batch);
      for (std::size_t n = 0; n < size; ++n) {
        std::ranges::copy(std::span(head.inputs).subspan((begin + n) * dim, dim), products->input(n).begin());
      }
      with_logits(begin, products->logits(size));
    }
  };
  return {name, [=] { run([](std::size_t, std::span<const float>) {}); },
          [=, &head] {
            bool right = true;
            run([&](std::size_t begin, std::span<const float> logits) { right &= is_right(head, logits, begin); });
            return right;
          }};
}

std::vector<Contender> float_contenders(const FloatHead& head, std::size_t batch) {
  std::vector<Contender> contenders;
  const std::size_t items = head.rows.rows;
  const std::size_t dim = head.rows.cols;

  const auto out = std::make_shared<AlignedBuffer<float>>(batch * items);
  const auto rows = std::make_shared<AlignedBuffer<float>>(items * dim);  // aligned, as the engine has them
  std::ranges::copy(head.rows.values, rows->data());
  contenders.push_back({"Sotto dot_rows_f32",
                        [=, &head] {
                          for (std::size_t n = 0; n < batch; ++n) {
                            best_kernels().dot_rows_f32({rows->data(), items, dim}, head.inputs.data() + n * dim,
                                                        head.bias.data(), out->data() + n * items);
                          }
                        },
                        [=, &head] { return is_right(head, out->span()); }});

  // The alignment of vectors, and room behind the inputs for XNNPACK to read.
  const auto inputs = std::make_shared<AlignedBuffer<float>>(head.inputs.size() + readable_behind);
  std::ranges::copy(head.inputs, inputs->data());
  xnn_operator_t op = nullptr;
  if (xnn_initialize(nullptr) != xnn_status_success || create_f32(head, &op) != xnn_status_success) {
    fail("XNNPACK has no float operator here");
  }
  contenders.push_back({"XNNPACK f32",
                        [=, owner = owned(op)] {
                          (void)prepare_f32(op, batch, inputs->data(), out->data());
                          (void)xnn_run_operator(op, nullptr);
                        },
                        [=, &head] { return is_right(head, out->span()); }});
  std::shared_ptr<evaluate::HeadProducts> evaluated = evaluate::make_xnnpack_head_products(head.rows, head.bias);
  if (!evaluated) fail("Sotto was built without XNNPACK");
  contenders.push_back(head_products("XNNPACK, evaluate", head, evaluated, batch));

  const auto eigen_out = std::make_shared<Eigen::MatrixXf>(items, batch);
  contenders.push_back({"Eigen, AVX2",
                        [=, &head] {
                          using Rows = Eigen::Map<const Eigen::MatrixXf>;
                          const auto signed_dim = static_cast<Eigen::Index>(dim);
                          const Rows weights(head.rows.values.data(), signed_dim, eigen_out->rows());
                          const Rows columns(head.inputs.data(), signed_dim, eigen_out->cols());
                          eigen_out->noalias() = weights.transpose() * columns;
                          eigen_out->colwise() +=
                              Eigen::Map<const Eigen::VectorXf>(head.bias.data(), eigen_out->rows());
                        },
                        [=, &head] { return is_right(head, {eigen_out->data(), batch * items}); }});
  contenders.push_back(
      head_products("Eigen, evaluate", head, evaluate::make_eigen_head_products(head.rows, head.bias), batch));
  return contenders;
}

// --- int8 ------------------------------------------------------------------------------------------------

struct IntegerHead {
  std::size_t items, dim;
  AlignedBuffer<std::int8_t> rows;  // [items × dim]
  AlignedBuffer<std::int32_t> offset, multiplier, bias;
  AlignedBuffer<std::uint8_t> inputs;  // [max_batch × dim], 7 bits with zero point 64, as the engine has them
  AlignedBuffer<std::int8_t> signed_inputs;  // the same for XNNPACK: zero point 0
};

constexpr int zero_point = 64;
constexpr int down = 16;

IntegerHead integer_head(std::size_t items, std::size_t dim, Random& random) {
  IntegerHead head{items,
                   dim,
                   AlignedBuffer<std::int8_t>(items * dim),
                   AlignedBuffer<std::int32_t>(items),
                   AlignedBuffer<std::int32_t>(items),
                   AlignedBuffer<std::int32_t>(items),
                   AlignedBuffer<std::uint8_t>(max_batch * dim),
                   AlignedBuffer<std::int8_t>(max_batch * dim + readable_behind)};
  for (std::size_t i = 0; i < items; ++i) {
    std::int32_t sum = 0;
    for (std::size_t c = 0; c < dim; ++c) {
      const auto weight = static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127);
      head.rows[i * dim + c] = weight;
      sum += weight;
    }
    head.offset[i] = -zero_point * sum;
    head.multiplier[i] = static_cast<std::int32_t>(1 + random.below(1U << 16));
    head.bias[i] = static_cast<std::int32_t>(random.below(1U << 18)) - (1 << 17);
  }
  for (std::size_t k = 0; k < max_batch * dim; ++k) {
    head.inputs[k] = static_cast<std::uint8_t>(random.below(128));
    head.signed_inputs[k] = static_cast<std::int8_t>(head.inputs[k] - zero_point);
  }
  return head;
}

double exact_sum(const IntegerHead& head, std::size_t n, std::size_t i) {
  double sum = 0;
  for (std::size_t c = 0; c < head.dim; ++c) {
    sum += double{static_cast<float>(head.rows[i * head.dim + c])} *
           double{static_cast<float>(head.signed_inputs[n * head.dim + c])};
  }
  return sum;
}

// expected(sum, i) for each of batch × items results, within `tolerance`.
template <class T>
bool all_near(const IntegerHead& head, std::span<const T> results, double tolerance,
              const std::function<double(double, std::size_t)>& expected) {
  for (std::size_t n = 0; n < results.size() / head.items; ++n) {
    for (std::size_t i = 0; i < head.items; ++i) {
      const double difference = static_cast<double>(results[n * head.items + i]) - expected(exact_sum(head, n, i), i);
      if (!(std::abs(difference) <= tolerance)) return false;
    }
  }
  return true;
}

template <class Result>
xnn_status create_qs8(const IntegerHead& head, float output_scale, Result* result) {
  const auto with = [&](auto... caches)
    requires requires(Result* r) {
      xnn_create_fully_connected_nc_qs8(0, 0, 0, 0, 0, 0, 0, nullptr, nullptr, 0, 0, 0, 0, 0, caches..., r);
    }
  {
    return xnn_create_fully_connected_nc_qs8(head.dim, head.items, head.dim, head.items, 0, 1.0F, 1.0F,
                                             head.rows.data(), nullptr, 0, output_scale, -128, 127, 0, caches...,
                                             result);
  };
  if constexpr (std::is_invocable_v<decltype(with)>) {
    return with();
  } else if constexpr (std::is_invocable_v<decltype(with), std::nullptr_t>) {
    return with(nullptr);
  } else {
    return with(nullptr, nullptr);
  }
}

template <class Op>
xnn_status prepare_qs8(Op op, std::size_t batch, const std::int8_t* inputs, std::int8_t* results) {
  if constexpr (requires { xnn_setup_fully_connected_nc_qs8(op, inputs, results); }) {
    const xnn_status status = xnn_reshape_fully_connected_nc_qs8(op, batch, nullptr);
    return status == xnn_status_success ? xnn_setup_fully_connected_nc_qs8(op, inputs, results) : status;
  } else {
    return xnn_setup_fully_connected_nc_qs8(op, batch, inputs, results, nullptr);
  }
}

std::vector<Contender> integer_contenders(const IntegerHead& head, std::size_t batch) {
  std::vector<Contender> contenders;
  const auto interleaved = std::make_shared<AlignedBuffer<std::int8_t>>();
  KernelMatrix matrix{head.rows.data(), head.offset.data(), head.items, head.dim};
  if (const auto interleave = best_kernels().interleave) {
    *interleaved = AlignedBuffer<std::int8_t>(head.rows.size());
    interleave(head.rows.data(), head.items, head.dim, interleaved->data());
    matrix.weights = interleaved->data();
    matrix.interleaved = true;
  }
  const auto sums = std::make_shared<AlignedBuffer<std::int32_t>>(batch * head.items);
  const auto scores = std::make_shared<AlignedBuffer<std::int32_t>>(batch * head.items);
  const std::vector<int> downs(batch, down);
  std::vector<std::int32_t*> out;
  for (std::size_t n = 0; n < batch; ++n) out.push_back(scores->data() + n * head.items);

  contenders.push_back({"Sotto scores",
                        [=, &head, kept = interleaved] {
                          best_kernels().scores(matrix, {head.inputs.data(), downs.data(), batch},
                                                {head.multiplier.data(), head.bias.data()}, out.data());
                        },
                        [=, &head] {
                          return all_near<std::int32_t>(head, scores->span(), 0.5, [&](double sum, std::size_t i) {
                            return std::ldexp(sum * head.multiplier[i], -down) + head.bias[i];
                          });
                        }});
  contenders.push_back(
      {"Sotto matmul",
       [=, &head] { best_kernels().matmul(matrix, head.inputs.data(), batch, sums->data(), head.items); },
       [=, &head] {
         return all_near<std::int32_t>(head, sums->span(), 0, [](double sum, std::size_t) { return sum; });
       }});

  // The results of random rows and inputs fill most of int8.
  const float output_scale = 37.0F * 73.0F * std::sqrt(static_cast<float>(head.dim)) / 40.0F;
  xnn_operator_t op = nullptr;
  if (xnn_initialize(nullptr) != xnn_status_success || create_qs8(head, output_scale, &op) != xnn_status_success) {
    fail("XNNPACK has no int8 operator here");
  }
  const auto results = std::make_shared<AlignedBuffer<std::int8_t>>(batch * head.items);
  contenders.push_back({"XNNPACK qs8",
                        [=, &head, owner = owned(op)] {
                          (void)prepare_qs8(op, batch, head.signed_inputs.data(), results->data());
                          (void)xnn_run_operator(op, nullptr);
                        },
                        [=, &head] {
                          return all_near<std::int8_t>(head, results->span(), 0.51, [&](double sum, std::size_t) {
                            return std::clamp(sum / double{output_scale}, -128.0, 127.0);
                          });
                        }});
  return contenders;
}

// ---------------------------------------------------------------------------------------------------------

// The ratio is to the first contender.
void measure_case(const Case& c, const std::vector<Contender>& contenders, std::size_t rounds, bool json) {
  std::vector<std::function<void()>> calls;
  for (const Contender& contender : contenders) {
    contender.call();
    if (!contender.is_right()) fail(contender.name);
    calls.push_back(contender.call);
  }
  const auto times = measure::time_rounds(calls, {rounds, std::numeric_limits<double>::infinity()},
                                          measure::steady_seconds, [](const auto&) { return false; });
  for (std::size_t k = 0; k < contenders.size(); ++k) {
    const measure::Spread spread = measure::spread_of(times.seconds[k]);
    const double ratio = measure::median_ratio(times.seconds[k], times.seconds[0]);
    std::printf(json ? "{\"type\": \"%s\", \"items\": %zu, \"dim\": %zu, \"batch\": %zu, \"contender\": \"%s\", "
                       "\"median_us\": %.2f, \"p10_us\": %.2f, \"p90_us\": %.2f, \"ratio\": %.3f}\n"
                     : "%-4s %6zu x %3zu batch %3zu  %-18s %10.1f us  (%.1f ... %.1f)  ratio %.2f\n",
                c.type, c.items, c.dim, c.batch, contenders[k].name, spread.median * 1e6, spread.p10 * 1e6,
                spread.p90 * 1e6, ratio);
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t rounds = 100, items = 0, dim = 0, only_batch = 0;
  bool json = false, usage = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto number = [&](std::size_t& value) {
      if (i + 1 < argc) value = std::strtoull(argv[++i], nullptr, 10);
      usage |= value == 0;
    };
    if (argument == "--json") {
      json = true;
    } else if (argument == "--rounds") {
      number(rounds);
    } else if (argument == "--items") {
      number(items);
    } else if (argument == "--dim") {
      number(dim);
    } else if (argument == "--batch") {
      number(only_batch);
    } else {
      usage = true;
    }
  }
  if (usage || (items == 0) != (dim == 0) || dim % column_tile != 0 || only_batch > max_batch) {
    std::fprintf(stderr,
                 "usage: head_products [--rounds N] [--items N --dim D] [--batch B] [--json]; D a multiple of %zu, "
                 "B at most %zu\n",
                 column_tile, max_batch);
    return 2;
  }
  std::vector<std::pair<std::size_t, std::size_t>> shapes = {{10'000, 128}, {3'000, 64}};
  if (items != 0) shapes = {{items, dim}};
  std::vector<std::size_t> batches = {1, 16, max_batch};
  if (only_batch != 0) batches = {only_batch};
  Random random(7);
  for (const auto& shape : shapes) {
    const FloatHead floating = float_head(shape.first, shape.second, random);
    const IntegerHead integer = integer_head(shape.first, shape.second, random);
    for (const std::size_t batch : batches) {
      measure_case({"f32", shape.first, shape.second, batch}, float_contenders(floating, batch), rounds, json);
      measure_case({"int8", shape.first, shape.second, batch}, integer_contenders(integer, batch), rounds, json);
    }
  }
}
