#include <sotto/simulate/federated_head.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::simulate {

void HeadGradient::add(std::span<const float> errors, std::span<const float> u, float weight) noexcept {
  for (std::size_t item = 0; item < errors.size(); ++item) {
    if (std::abs(errors[item]) < min_gradient) continue;
    const float factor = weight * errors[item];
    float* row = &rows[item * u.size()];
    for (std::size_t i = 0; i < u.size(); ++i) row[i] += factor * u[i];
    bias[item] += factor;
  }
}

FederatedHead::FederatedHead(std::size_t items, std::size_t hidden_dim)
    : addition_(items, hidden_dim), row_squares_(addition_.rows.size()), bias_squares_(items) {}

void FederatedHead::finish_round(std::span<HeadGradient* const> gradients, std::size_t devices) noexcept {
  HeadGradient& sum = *gradients[0];
  const float scale = 1.0F / static_cast<float>(devices);
  const auto gather = [&](std::vector<float> HeadGradient::* part) {
    std::vector<float>& all = sum.*part;
    for (HeadGradient* other : gradients.subspan(1)) {
      for (std::size_t i = 0; i < all.size(); ++i) all[i] += (other->*part)[i];
      std::ranges::fill(other->*part, 0.0F);
    }
    for (float& value : all) value *= scale;
  };
  gather(&HeadGradient::rows);
  gather(&HeadGradient::bias);
  federated_row_step.take(addition_.rows.span(), row_squares_, sum.rows);
  federated_bias_step.take(addition_.bias.span(), bias_squares_, sum.bias);
  std::ranges::fill(sum.rows, 0.0F);
  std::ranges::fill(sum.bias, 0.0F);
}

}  // namespace sotto::simulate
