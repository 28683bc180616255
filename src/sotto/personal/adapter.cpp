#include <sotto/numeric/formats.hpp>
#include <sotto/personal/adapter.hpp>
#include <sotto/personal/internal/learned_value.hpp>

namespace sotto {
namespace {

constexpr float min_square = 1e-2F;  // lower bound of the state's square along the directions

}  // namespace

void Adapter::add_to(std::span<float> out, std::span<const std::int16_t> head_input) const noexcept {
  for (std::size_t r = 0; r < along_.size(); ++r) {
    float sum = 0;
    for (std::size_t c = 0; c < hidden_dim_; ++c) {
      sum += directions_[r * hidden_dim_ + c] * (static_cast<float>(head_input[c]) * head_input_unit);
    }
    along_[r] = sum;
    for (std::size_t c = 0; c < hidden_dim_; ++c) out[c] += sum * learned_[r * hidden_dim_ + c];
  }
}

void Adapter::learn(std::span<const float> gradient, float step) const noexcept {
  float square = min_square;
  for (const float value : along_) square += value * value;
  for (std::size_t r = 0; r < along_.size(); ++r) {
    const float by = step * along_[r] / square;
    for (std::size_t c = 0; c < hidden_dim_; ++c) {
      float& value = learned_[r * hidden_dim_ + c];
      value = stepped(value, by * gradient[c]);
    }
  }
}

}  // namespace sotto
