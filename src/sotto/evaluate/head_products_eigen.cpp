#include <sotto/evaluate/head_products.hpp>

#include <Eigen/Core>

namespace sotto::evaluate {
namespace {

// Rows of Sotto's matrices are contiguous. They are the columns of Eigen's default order.
using Matrix = Eigen::Map<Eigen::MatrixXf>;
using ConstMatrix = Eigen::Map<const Eigen::MatrixXf>;
using ConstVector = Eigen::Map<const Eigen::VectorXf>;

class EigenHeadProducts final : public HeadProducts {
 public:
  EigenHeadProducts(const MatrixF32& head, std::span<const float> bias)
      : HeadProducts(head), head_(head.values.data(), head.cols, head.rows), bias_(bias.data(), head.rows) {}

 private:
  void multiply(const float* inputs, std::size_t batch, float* logits) override {
    const auto columns = static_cast<Eigen::Index>(batch);
    Matrix out(logits, head_.cols(), columns);
    out.noalias() = head_.transpose() * ConstMatrix(inputs, head_.rows(), columns);
    out.colwise() += bias_;
  }

  ConstMatrix head_;  // [dim × items]
  ConstVector bias_;
};

}  // namespace

std::unique_ptr<HeadProducts> make_eigen_head_products(const MatrixF32& head, std::span<const float> bias) {
  return std::make_unique<EigenHeadProducts>(head, bias);
}

}  // namespace sotto::evaluate
