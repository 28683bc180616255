#include <sotto/evaluate/head_products.hpp>

namespace sotto::evaluate {

std::unique_ptr<HeadProducts> make_head_products(const MatrixF32& head, std::span<const float> bias) {
  auto products = make_xnnpack_head_products(head, bias);
  return products != nullptr ? std::move(products) : make_eigen_head_products(head, bias);
}

#ifndef SOTTO_EVALUATE_HAS_XNNPACK
std::unique_ptr<HeadProducts> make_xnnpack_head_products(const MatrixF32&, std::span<const float>) { return nullptr; }
#endif

}  // namespace sotto::evaluate
