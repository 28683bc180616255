#include <sotto/numeric/formats.hpp>
#include <sotto/numeric/rounding.hpp>
#include <sotto/personal/taste.hpp>

#include <algorithm>

namespace sotto {
namespace {

constexpr float rate = 0.2F;
constexpr float kept_share = 0.999F;
// Items that were less likely than this do not push: together they are the smaller part, and by far the larger number.
constexpr float least_probability = 1e-4F;
constexpr std::size_t measured_rows = 1024;  // for the mean length, spread evenly
constexpr float head_input_unit = 1 << head_input_bits;
constexpr float most_moved = 32767.0F;

float mean_squared_length(const PackedHead& head, std::size_t rows, std::size_t hidden_dim) {
  const std::size_t every = std::max<std::size_t>(1, rows / measured_rows);
  std::vector<float> row(hidden_dim);
  float sum = 0;
  std::size_t count = 0;
  for (std::size_t r = 0; r < rows; r += every, ++count) {
    std::ranges::fill(row, 0.0F);
    head.add_row(r, 1.0F, row);
    for (const float value : row) sum += value * value;
  }
  return std::max(sum / static_cast<float>(count), 1e-6F);
}

}  // namespace

Taste::Taste(const Engine& engine)
    : head_(&engine.head()),
      row_norm_(
          mean_squared_length(engine.head(), engine.architecture().head_rows(), engine.architecture().hidden_dim)),
      values_(engine.architecture().hidden_dim),
      gradient_(engine.architecture().hidden_dim),
      moved_(engine.architecture().hidden_dim) {}

std::span<const std::int16_t> Taste::add_to(std::span<const std::int16_t> head_input, float share) noexcept {
  for (std::size_t c = 0; c < moved_.size(); ++c) {
    const float by = std::clamp(share * values_[c] * head_input_unit, -most_moved, most_moved);
    moved_[c] =
        saturate<std::int16_t>(std::int64_t{head_input[c]} + static_cast<std::int64_t>(by < 0 ? by - 0.5F : by + 0.5F));
  }
  return moved_;
}

void Taste::learn(std::span<const float> probabilities, Lesson lesson, float temperature) noexcept {
  std::ranges::fill(gradient_, 0.0F);
  const float mass = sum_of_shares(lesson);
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] >= least_probability) head_->add_row(i, mass * probabilities[i], gradient_);
  }
  for (const auto& [item, share] : lesson) head_->add_row(item, -share, gradient_);
  const float step = rate / (row_norm_ * temperature);
  for (std::size_t c = 0; c < values_.size(); ++c) values_[c] = values_[c] * kept_share - step * gradient_[c];
}

void Taste::clear() noexcept { std::ranges::fill(values_, 0.0F); }

void Taste::restore(std::span<const float> values) noexcept { std::ranges::copy(values, values_.begin()); }

}  // namespace sotto
