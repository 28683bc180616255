#include <sotto/numeric/formats.hpp>
#include <sotto/personal/personal_head.hpp>

#include <algorithm>

namespace sotto {
namespace {

constexpr float row_rate = 0.5F;
constexpr float bias_rate = 0.3F;
constexpr float kept_share = 0.999F;  // of every row at each step
constexpr float least_norm = 1e-3F;

}  // namespace

PersonalHead::PersonalHead(std::uint32_t items, std::size_t hidden_dim, std::size_t most_rows, const Kernels& kernels)
    : kernels_(&kernels),
      hidden_dim_(hidden_dim),
      stride_(round_up(hidden_dim, float_tile)),
      input_(stride_),
      rows_(most_rows * stride_),
      bias_(most_rows),
      additions_(most_rows),
      items_(most_rows),
      touched_(most_rows),
      place_(items) {}

std::span<const float> PersonalHead::additions(std::span<const std::int16_t> head_input) noexcept {
  constexpr float unit = 1.0F / (1 << head_input_bits);
  input_norm_ = 0;
  for (std::size_t j = 0; j < hidden_dim_; ++j) {
    input_.data()[j] = static_cast<float>(head_input[j]) * unit;
    input_norm_ += input_.data()[j] * input_.data()[j];
  }
  if (size_ > 0) {
    kernels_->dot_rows_f32({rows_.data(), size_, stride_}, input_.data(), bias_.data(), additions_.data());
  }
  return {additions_.data(), size_};
}

void PersonalHead::learn(std::span<const HeadError> errors) noexcept {
  ++steps_;
  for (std::size_t i = 0; i < size_ * stride_; ++i) rows_.data()[i] *= kept_share;
  for (std::size_t r = 0; r < size_; ++r) bias_[r] *= kept_share;
  for (const auto& [item, error] : errors) {
    const std::size_t r = row_for(item);
    const float factor = -row_rate * error / (input_norm_ + least_norm);
    kernels_->add_outer_f32({rows_.data() + r * stride_, 1, stride_}, &factor, input_.data());
    bias_[r] -= bias_rate * error;
    touched_[r] = steps_;
  }
}

std::size_t PersonalHead::row_for(ItemIndex item) noexcept {
  if (place_[item] != 0) return place_[item] - 1U;
  std::size_t r = size_;
  if (size_ < most_rows()) {
    ++size_;
  } else {
    r = static_cast<std::size_t>(std::ranges::min_element(touched_) - touched_.begin());
    place_[items_[r]] = 0;
    std::fill_n(rows_.data() + r * stride_, stride_, 0.0F);
    bias_[r] = 0;
  }
  items_[r] = item;
  place_[item] = static_cast<std::uint16_t>(r + 1);
  return r;
}

void PersonalHead::clear() noexcept {
  for (std::size_t r = 0; r < size_; ++r) {
    place_[items_[r]] = 0;
    std::fill_n(rows_.data() + r * stride_, stride_, 0.0F);
    bias_[r] = 0;
  }
  size_ = 0;
  steps_ = 0;
}

void PersonalHead::restore_row(ItemIndex item, std::uint32_t touched, float bias, std::span<const float> row) noexcept {
  const std::size_t r = row_for(item);
  std::ranges::copy(row, rows_.data() + r * stride_);
  bias_[r] = bias;
  touched_[r] = touched;
}

}  // namespace sotto
