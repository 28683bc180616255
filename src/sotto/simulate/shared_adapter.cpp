#include <sotto/simulate/shared_adapter.hpp>

#include <algorithm>

namespace sotto::simulate {

SharedAdapter::SharedAdapter(const PersonalModel& model)
    : hidden_dim_(model.taste().hidden_dim()),
      directions_(model.taste().directions()),
      learned_(hidden_dim_ + directions_.size()),
      squares_(learned_.size()) {}

void SharedAdapter::addition(std::span<const float> u, std::span<float> along, std::span<float> out) const noexcept {
  std::copy_n(learned_.begin(), hidden_dim_, out.begin());
  for (std::size_t r = 0; r < rank(); ++r) {
    const float* direction = &directions_[r * hidden_dim_];
    along[r] = 0;
    for (std::size_t i = 0; i < hidden_dim_; ++i) along[r] += direction[i] * u[i];
    const float* learned = &learned_[(1 + r) * hidden_dim_];
    for (std::size_t i = 0; i < hidden_dim_; ++i) out[i] += along[r] * learned[i];
  }
}

void SharedAdapter::add_gradient(std::span<const float> gradient, std::span<const float> along, float weight,
                                 std::span<float> sum) const noexcept {
  for (std::size_t i = 0; i < hidden_dim_; ++i) sum[i] += weight * gradient[i];
  for (std::size_t r = 0; r < rank(); ++r) {
    float* row = &sum[(1 + r) * hidden_dim_];
    for (std::size_t i = 0; i < hidden_dim_; ++i) row[i] += weight * along[r] * gradient[i];
  }
}

void SharedAdapter::finish_round(std::span<const std::span<float>> gradients, std::size_t devices) noexcept {
  const std::span<float> sum = gradients[0];
  for (const std::span<float> other : gradients.subspan(1)) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += other[i];
    std::ranges::fill(other, 0.0F);
  }
  for (float& value : sum) value /= static_cast<float>(devices);
  adapter_step.take(learned_, squares_, sum);
  std::ranges::fill(sum, 0.0F);
}

}  // namespace sotto::simulate
