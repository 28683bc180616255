#include <sotto/numeric/formats.hpp>
#include <sotto/personal/recent_means.hpp>

#include <algorithm>

namespace sotto {
namespace {

// The share of an event's weight that remains after each further event.
constexpr float few_kept = 0.5F;
constexpr float many_kept = 0.99F;

void move(std::span<float> mean, std::span<const float> value, float weight) noexcept {
  for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += (value[c] - mean[c]) * weight;
}

}  // namespace

void RecentMeans::observe(std::span<const float> row, std::span<const std::int16_t> head_input) const noexcept {
  float& few = carried_[0];
  float& many = carried_[1];
  few = few * few_kept + 1.0F;
  many = many * many_kept + 1.0F;
  const float weight = 1.0F / few;
  const std::span<float> state = mean(RecentMean::state);
  for (std::size_t c = 0; c < hidden_dim_; ++c) {
    state[c] += (static_cast<float>(head_input[c]) * head_input_unit - state[c]) * weight;
  }
  move(mean(RecentMean::few_items), row, weight);
  move(mean(RecentMean::many_items), row, 1.0F / many);
}

void RecentMeans::at(std::span<const std::int16_t> head_input, std::span<float> means) const noexcept {
  const bool begun = carried_[0] > 0;
  const std::span<float> state = mean(RecentMean::state);
  for (std::size_t c = 0; c < hidden_dim_; ++c) {
    means[c] = begun ? state[c] - static_cast<float>(head_input[c]) * head_input_unit : 0.0F;
  }
  const float scale = 1.0F / rows_per_unit_;
  for (std::size_t c = hidden_dim_; c < means.size(); ++c) means[c] = carried_[sums + c] * scale;
}

}  // namespace sotto
