// The products of a float head with a batch of inputs: logits[n, i] = bias[i] + Σ_c head[i, c] · inputs[n, c]. The
// head is read once for several inputs, which a session with its one input cannot do.
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
  virtual ~HeadProducts() = default;

  [[nodiscard]] std::size_t max_batch() const noexcept { return max_batch_; }
  // To be filled before logits(). Legal: n < max_batch.
  [[nodiscard]] std::span<float> input(std::size_t n) noexcept { return inputs_.span().subspan(n * dim_, dim_); }
  // [batch × items], of the first inputs, valid until the next call. Legal: 1 ≤ batch ≤ max_batch.
  [[nodiscard]] std::span<const float> logits(std::size_t batch) {
    multiply(inputs_.data(), batch, logits_.data());
    return logits_.span().first(batch * items_);
  }

 protected:
  HeadProducts(const MatrixF32& head, std::size_t max_batch);

 private:
  virtual void multiply(const float* inputs, std::size_t batch, float* logits) = 0;

  std::size_t items_;
  std::size_t dim_;
  std::size_t max_batch_;
  AlignedBuffer<float> inputs_;  // [max_batch × dim], and some that vector loads may read behind it
  AlignedBuffer<float> logits_;  // [max_batch × items]
};

// In each implementation the head and its bias must outlive the products. Legal: max_batch ≥ 1.
//
// The fastest that this build and this machine have.
[[nodiscard]] std::unique_ptr<HeadProducts> make_head_products(const MatrixF32& head, std::span<const float> bias,
                                                               std::size_t max_batch);
// XNNPACK's fully connected operator, which keeps a packed copy of the head; null where XNNPACK was not there when
// Sotto was built, or cannot run on this processor.
[[nodiscard]] std::unique_ptr<HeadProducts> make_xnnpack_head_products(const MatrixF32& head,
                                                                       std::span<const float> bias,
                                                                       std::size_t max_batch);
[[nodiscard]] std::unique_ptr<HeadProducts> make_eigen_head_products(const MatrixF32& head, std::span<const float> bias,
                                                                     std::size_t max_batch);

}  // namespace sotto::evaluate
