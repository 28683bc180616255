// Computes the products of a float head with a batch of inputs: logits[n, i] = bias[i] + Σ_c head[i, c] · inputs[n, c].
// The head is read once for the whole batch. A session with its one input cannot do that.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/float_model.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace sotto::evaluate {

// One thread at a time may use it. The same batch gives the same bits. An input may round differently in another batch.
class HeadProducts {
 public:
  static constexpr std::size_t max_batch = 16;  // a tile of outputs in XNNPACK's AVX kernels

  virtual ~HeadProducts() = default;

  // The caller fills it before logits(). Legal: n < max_batch.
  [[nodiscard]] std::span<float> input(std::size_t n) noexcept { return inputs_.span().subspan(n * dim_, dim_); }
  // Returns [batch × items] logits of the first inputs. Valid until the next call. The caller may change them. Legal: 1
  // ≤ batch ≤ max_batch.
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

// The head and its bias must outlive the products. Precondition: the head has at least one item.
//
// XNNPACK computes the products if it is available, otherwise Eigen.
[[nodiscard]] std::unique_ptr<HeadProducts> make_head_products(const MatrixF32& head, std::span<const float> bias);
// Returns null if Sotto was built without XNNPACK, or if XNNPACK cannot run on this processor.
[[nodiscard]] std::unique_ptr<HeadProducts> make_xnnpack_head_products(const MatrixF32& head,
                                                                       std::span<const float> bias);
[[nodiscard]] std::unique_ptr<HeadProducts> make_eigen_head_products(const MatrixF32& head,
                                                                     std::span<const float> bias);

}  // namespace sotto::evaluate
