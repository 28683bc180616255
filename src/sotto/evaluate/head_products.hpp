// The products of a float head with a batch of inputs: logits[n, i] = bias[i] + Σ_c head[i, c] · inputs[n, c]. The
// head is read once for all of them, which a session with its one input cannot do.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/float_model.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace sotto::evaluate {

// Used by one thread at a time. The same batch gives the same bits; an input may round differently in another batch.
class HeadProducts {
 public:
  static constexpr std::size_t max_batch = 16;  // a tile of outputs of XNNPACK's AVX kernels

  virtual ~HeadProducts() = default;

  // To be filled before logits(). Legal: n < max_batch.
  [[nodiscard]] std::span<float> input(std::size_t n) noexcept { return inputs_.span().subspan(n * dim_, dim_); }
  // [batch × items], of the first inputs, valid until the next call; the caller may change them.
  // Legal: 1 ≤ batch ≤ max_batch.
  [[nodiscard]] std::span<float> logits(std::size_t batch) {
    multiply(inputs_.data(), batch, logits_.data());
    return logits_.span().first(batch * items_);
  }

 protected:
  explicit HeadProducts(const MatrixF32& head)
      : items_(head.rows), dim_(head.cols), inputs_(max_batch * dim_), logits_(max_batch * items_) {}

 private:
  virtual void multiply(const float* inputs, std::size_t batch, float* logits) = 0;

  std::size_t items_;
  std::size_t dim_;
  AlignedBuffer<float> inputs_;  // [max_batch × dim]
  AlignedBuffer<float> logits_;  // [max_batch × items]
};

// The head, which has at least one item, and its bias must outlive the products.
//
// XNNPACK's where it can be had, else Eigen's.
[[nodiscard]] std::unique_ptr<HeadProducts> make_head_products(const MatrixF32& head, std::span<const float> bias);
// Null where XNNPACK was not there when Sotto was built, or cannot run on this processor.
[[nodiscard]] std::unique_ptr<HeadProducts> make_xnnpack_head_products(const MatrixF32& head,
                                                                       std::span<const float> bias);
[[nodiscard]] std::unique_ptr<HeadProducts> make_eigen_head_products(const MatrixF32& head,
                                                                     std::span<const float> bias);

}  // namespace sotto::evaluate
