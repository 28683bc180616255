#include <sotto/runtime/row_sum.hpp>

#include <algorithm>

namespace sotto {

RowSum::RowSum(const Engine& engine)
    : head_(&engine.head()),
      kernels_(&engine.kernels()),
      hidden_dim_(engine.architecture().hidden_dim),
      sum_(engine.head().input_size()) {}

void RowSum::clear() noexcept {
  std::ranges::fill(sum_.span(), 0.0F);
  count_ = 0;
}

void RowSum::add(std::size_t row, float factor) noexcept {
  constexpr float unit = 1.0F / (1 << head_multiplier_bits);
  const float scaled = factor * unit * static_cast<float>(head_->multiplier(row));
  if (head_->has_four_bits()) {
    for (std::size_t c = 0; c < hidden_dim_; ++c) sum_[c] += scaled * static_cast<float>(head_->weight(row, c));
    return;
  }
  if (count_ == waiting_.size()) add_waiting();
  waiting_[count_++] = {head_->bytes().data() + row * head_->row_bytes(), scaled};
}

std::span<const float> RowSum::total() noexcept {
  add_waiting();
  return sum_.span().first(hidden_dim_);
}

void RowSum::add_waiting() noexcept {
  kernels_->add_rows_s8(std::span(waiting_).first(count_), sum_.size(), sum_.data());
  count_ = 0;
}

}  // namespace sotto
