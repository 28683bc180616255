#include <sotto/evaluate/head_products.hpp>

#include <xnnpack.h>

#include <limits>
#include <memory>
#include <type_traits>

namespace sotto::evaluate {
namespace {

struct DeleteOperator {
  void operator()(xnn_operator_t op) const noexcept { xnn_delete_operator(op); }
};
using Operator = std::unique_ptr<std::remove_pointer_t<xnn_operator_t>, DeleteOperator>;

// XNNPACK has no numbered releases, and its calls differ between those that Debian 12 (2022) and Debian 13 (2024)
// have. Templates, so that a call which this one does not declare is passed over.

// Before the result stand no, one or two caches.
template <class Result>
xnn_status create(const MatrixF32& head, const float* bias, Result* result) {
  constexpr float no_limit = std::numeric_limits<float>::infinity();
  const auto with = [&](auto... caches)
    requires requires(Result* r) {
      xnn_create_fully_connected_nc_f32(0, 0, 0, 0, nullptr, nullptr, 0, 0, 0, caches..., r);
    }
  {
    return xnn_create_fully_connected_nc_f32(head.cols, head.rows, head.cols, head.rows, head.values.data(), bias,
                                             -no_limit, no_limit, 0, caches..., result);
  };
  if constexpr (std::is_invocable_v<decltype(with)>) {
    return with();
  } else if constexpr (std::is_invocable_v<decltype(with), std::nullptr_t>) {
    return with(nullptr);
  } else {
    return with(nullptr, nullptr);
  }
}

// The batch is given with the pointers, or in a call of its own before them.
template <class Op>
xnn_status prepare(Op op, std::size_t batch, const float* inputs, float* logits) {
  if constexpr (requires { xnn_setup_fully_connected_nc_f32(op, inputs, logits); }) {
    const xnn_status status = xnn_reshape_fully_connected_nc_f32(op, batch, nullptr);
    return status == xnn_status_success ? xnn_setup_fully_connected_nc_f32(op, inputs, logits) : status;
  } else {
    return xnn_setup_fully_connected_nc_f32(op, batch, inputs, logits, nullptr);
  }
}

class XnnpackHeadProducts final : public HeadProducts {
 public:
  XnnpackHeadProducts(const MatrixF32& head, std::size_t max_batch, Operator op)
      : HeadProducts(head, max_batch), operator_(std::move(op)) {}

 private:
  // On this thread alone. Neither call fails with a batch and pointers that are legal.
  void multiply(const float* inputs, std::size_t batch, float* logits) override {
    static_cast<void>(prepare(operator_.get(), batch, inputs, logits));
    static_cast<void>(xnn_run_operator(operator_.get(), nullptr));
  }

  Operator operator_;
};

}  // namespace

std::unique_ptr<HeadProducts> make_xnnpack_head_products(const MatrixF32& head, std::span<const float> bias,
                                                         std::size_t max_batch) {
  xnn_operator_t op = nullptr;
  if (xnn_initialize(nullptr) != xnn_status_success || create(head, bias.data(), &op) != xnn_status_success) {
    return nullptr;
  }
  return std::make_unique<XnnpackHeadProducts>(head, max_batch, Operator(op));
}

}  // namespace sotto::evaluate
