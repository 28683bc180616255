#include <sotto/evaluate/head_products.hpp>

#include <utility>

namespace sotto::evaluate {
namespace {

constexpr std::size_t readable_behind = 128 / sizeof(float);  // the most that any release's XNN_EXTRA_BYTES asks for

}  // namespace

HeadProducts::HeadProducts(const MatrixF32& head, std::size_t max_batch)
    : items_(head.rows),
      dim_(head.cols),
      max_batch_(max_batch),
      inputs_(max_batch * head.cols + readable_behind),
      logits_(max_batch * head.rows) {}

std::unique_ptr<HeadProducts> make_head_products(const MatrixF32& head, std::span<const float> bias,
                                                 std::size_t max_batch) {
  auto products = make_xnnpack_head_products(head, bias, max_batch);
  return products ? std::move(products) : make_eigen_head_products(head, bias, max_batch);
}

#ifndef SOTTO_EVALUATE_HAS_XNNPACK
std::unique_ptr<HeadProducts> make_xnnpack_head_products(const MatrixF32&, std::span<const float>, std::size_t) {
  return nullptr;
}
#endif

}  // namespace sotto::evaluate
