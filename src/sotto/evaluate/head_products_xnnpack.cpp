#include <sotto/evaluate/head_products.hpp>

#include <xnnpack.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <type_traits>

namespace sotto::evaluate {
namespace {

struct DeleteOperator {
  void operator()(xnn_operator_t op) const noexcept { xnn_delete_operator(op); }
};
using Operator = std::unique_ptr<std::remove_pointer_t<xnn_operator_t>, DeleteOperator>;

// XNNPACK has no numbered releases, and the functions of Debian 12's (2022) and Debian 13's (2024) differ. These are
// templates, so that calls which xnnpack.h does not declare are ignored.

// Zero, one or two cache arguments precede the result.
template <class Result>
xnn_status create(std::size_t dim, const float* inputs, std::size_t batch, Result* result) {
  constexpr float no_limit = std::numeric_limits<float>::infinity();
  const auto with = [&](auto... caches)
    requires requires(Result* r) {
      xnn_create_fully_connected_nc_f32(0, 0, 0, 0, nullptr, nullptr, 0, 0, 0, caches..., r);
    }
  {
    return xnn_create_fully_connected_nc_f32(dim, batch, dim, batch, inputs, nullptr, -no_limit, no_limit, 0, caches...,
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

// The number of rows is an argument next to the pointers, or of an earlier call.
template <class Op>
xnn_status prepare(Op op, std::size_t rows, const float* head, float* products) {
  if constexpr (requires { xnn_setup_fully_connected_nc_f32(op, head, products); }) {
    const xnn_status status = xnn_reshape_fully_connected_nc_f32(op, rows, nullptr);
    return status == xnn_status_success ? xnn_setup_fully_connected_nc_f32(op, head, products) : status;
  } else {
    return xnn_setup_fully_connected_nc_f32(op, rows, head, products, nullptr);
  }
}

// The operator's weights are the batch of inputs, and its input is the rows of the head. The head is thus read once,
// without packing. As the operator's weights it would be packed, and each thread would have a copy of its own.
class XnnpackHeadProducts final : public HeadProducts {
 public:
  XnnpackHeadProducts(const MatrixF32& head, std::span<const float> bias)
      : HeadProducts(head),
        head_(&head),
        bias_(bias),
        last_chunk_begin_((head.rows - 1) / chunk_rows * chunk_rows),
        last_chunk_((head.rows - last_chunk_begin_) * head.cols + readable_behind),
        products_(chunk_rows * max_batch) {
    std::ranges::copy(std::span(head.values).subspan(last_chunk_begin_ * head.cols), last_chunk_.data());
  }

 private:
  // The products of a chunk, 16 kB, are still in the L1 cache when they are moved to their places.
  static constexpr std::size_t chunk_rows = 256;
  static constexpr std::size_t readable_behind = XNN_EXTRA_BYTES / sizeof(float);

  void multiply(const float* inputs, std::size_t batch, float* logits) override {
    xnn_operator_t created = nullptr;
    if (create(head_->cols, inputs, batch, &created) != xnn_status_success) throw std::bad_alloc();
    const Operator op(created);
    for (std::size_t begin = 0; begin < head_->rows; begin += chunk_rows) {
      const std::size_t rows = std::min<std::size_t>(chunk_rows, head_->rows - begin);
      const float* chunk = begin == last_chunk_begin_ ? last_chunk_.data() : head_->row(begin).data();
      // Both calls use only this thread. Neither fails with legal sizes.
      static_cast<void>(prepare(op.get(), rows, chunk, products_.data()));
      static_cast<void>(xnn_run_operator(op.get(), nullptr));
      for (std::size_t n = 0; n < batch; ++n) {
        float* out = logits + n * head_->rows + begin;
        for (std::size_t r = 0; r < rows; ++r) out[r] = products_[r * batch + n] + bias_[begin + r];
      }
    }
  }

  const MatrixF32* head_;
  std::span<const float> bias_;
  std::size_t last_chunk_begin_;
  AlignedBuffer<float> last_chunk_;  // a copy, because XNNPACK may read some bytes behind its input
  AlignedBuffer<float> products_;    // [chunk_rows × batch]
};

}  // namespace

std::unique_ptr<HeadProducts> make_xnnpack_head_products(const MatrixF32& head, std::span<const float> bias) {
  if (xnn_initialize(nullptr) != xnn_status_success) return nullptr;
  return std::make_unique<XnnpackHeadProducts>(head, bias);
}

}  // namespace sotto::evaluate
