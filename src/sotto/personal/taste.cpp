#include <sotto/numeric/formats.hpp>
#include <sotto/personal/learned_value.hpp>
#include <sotto/personal/taste.hpp>

#include <algorithm>
#include <cmath>

namespace sotto {
namespace {

constexpr float vector_rate = 0.1F;
constexpr float adapter_rate = 0.1F;
constexpr float part_rate = 0.02F;
constexpr float most_part = 8.0F;  // either way
// Items that were less likely than this do not push: together they are the smaller part, and by far the larger number.
constexpr float least_probability = 1e-4F;
constexpr std::size_t measured_rows = 1024;  // for the mean length, spread evenly
constexpr float head_input_unit = 1 << head_input_bits;
constexpr float most_added = 32767.0F;

float mean_squared_length(const Engine& engine) {
  const std::size_t rows = engine.architecture().head_rows();
  const std::size_t every = std::max<std::size_t>(1, rows / measured_rows);
  RowSum row(engine);
  float sum = 0;
  std::size_t count = 0;
  for (std::size_t r = 0; r < rows; r += every, ++count) {
    row.clear();
    row.add(r, 1.0F);
    for (const float value : row.total()) sum += value * value;
  }
  return std::max(sum / static_cast<float>(count), 1e-6F);
}

std::vector<float> to_floats(std::span<const std::int8_t> directions) {
  std::vector<float> floats(directions.size());
  for (std::size_t i = 0; i < floats.size(); ++i)
    floats[i] = static_cast<float>(directions[i]) * adapter_direction_unit;
  return floats;
}

}  // namespace

Taste::Taste(const Engine& engine, float temperature, std::span<const std::int8_t> directions)
    : temperature_(temperature),
      row_norm_(mean_squared_length(engine)),
      directions_(to_floats(directions)),
      values_(engine.architecture().hidden_dim + recent_means + directions_.size() +
              RecentMeans::size(engine.architecture().hidden_dim)),
      vector_(std::span(values_).first(engine.architecture().hidden_dim)),
      parts_(std::span(values_).subspan(vector_.size(), recent_means)),
      adapter_(vector_.size(), directions_,
               std::span(values_).subspan(vector_.size() + recent_means, directions_.size())),
      recent_(vector_.size(), std::sqrt(row_norm_) * temperature,
              std::span(values_).last(RecentMeans::size(vector_.size()))),
      rows_(engine),
      sum_(engine.architecture().hidden_dim),
      rounded_(engine.architecture().hidden_dim) {}

void Taste::observe(ItemIndex item, std::span<const std::int16_t> u) noexcept {
  rows_.clear();
  rows_.add(item, 1.0F);
  recent_.observe(rows_.total(), u);
}

std::span<const std::int16_t> Taste::at(std::span<const std::int16_t> u) noexcept {
  means_ = recent_.at(u);
  std::ranges::copy(vector_, sum_.begin());
  for (std::size_t k = 0; k < recent_means; ++k) {
    for (std::size_t c = 0; c < sum_.size(); ++c) sum_[c] += parts_[k] * means_[k * sum_.size() + c];
  }
  adapter_.add_to(sum_, u);
  for (std::size_t c = 0; c < sum_.size(); ++c) {
    const float by = std::clamp(sum_[c] * head_input_unit, -most_added, most_added);
    rounded_[c] = static_cast<std::int16_t>(by < 0 ? by - 0.5F : by + 0.5F);
  }
  return rounded_;
}

void Taste::learn(std::span<const float> probabilities, Lesson lesson) noexcept {
  rows_.clear();
  const float mass = sum_of_shares(lesson);
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] >= least_probability) rows_.add(i, mass * probabilities[i]);
  }
  for (const auto& [item, share] : lesson) rows_.add(item, -share);
  const auto gradient = rows_.total();
  for (std::size_t k = 0; k < recent_means; ++k) {
    float along = 0;
    for (std::size_t c = 0; c < gradient.size(); ++c) along += gradient[c] * means_[k * gradient.size() + c];
    parts_gradient_[k] = temperature_ * along;
    parts_[k] = std::clamp(parts_[k] - part_rate * parts_gradient_[k], -most_part, most_part);
  }
  const float unit = 1.0F / (row_norm_ * temperature_);
  adapter_.learn(gradient, adapter_rate * unit);
  for (std::size_t c = 0; c < vector_.size(); ++c) vector_[c] = stepped(vector_[c], vector_rate * unit * gradient[c]);
}

void Taste::clear(const Parts& parts) noexcept {
  std::ranges::fill(values_, 0.0F);
  std::ranges::copy(parts, parts_.begin());
}

bool Taste::could_be(std::span<const float> values) const noexcept {
  const auto is_bounded = [](float value) { return value >= -most_learned && value <= most_learned; };
  return values.size() == values_.size() && std::ranges::all_of(values, is_bounded) &&
         RecentMeans::could_be(values.last(RecentMeans::size(vector_.size())));
}

void Taste::restore(std::span<const float> values) noexcept { std::ranges::copy(values, values_.begin()); }

}  // namespace sotto
