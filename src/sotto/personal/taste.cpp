#include <sotto/numeric/formats.hpp>
#include <sotto/personal/internal/learned_value.hpp>
#include <sotto/personal/taste.hpp>

#include <algorithm>
#include <cmath>

namespace sotto {
namespace {

constexpr float vector_rate = 0.1F;
constexpr float adapter_rate = 0.1F;
constexpr float part_rate = 0.02F;
constexpr float max_part = 8.0F;  // bound of the absolute value
// Items with a lower probability are skipped as negatives. Together they are the smaller part of the probability and by
// far the larger number of items.
constexpr float min_pushing_probability = 1e-4F;
constexpr std::size_t measured_rows = 1024;  // for the mean length, spread evenly
constexpr float head_input_one = 1 << head_input_bits;
constexpr float max_added = 32767.0F;

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

TasteModel::TasteModel(const Engine& engine, float temperature, std::span<const std::int8_t> directions)
    : engine_(&engine),
      temperature_(temperature),
      row_norm_(mean_squared_length(engine)),
      rows_per_unit_(std::sqrt(row_norm_) * temperature),
      directions_(to_floats(directions)) {}

Taste::Taste(const TasteModel& model, const TasteParts& parts)
    : values_(model.hidden_dim() + recent_means + model.directions().size() + RecentMeans::size(model.hidden_dim())),
      hidden_dim_(model.hidden_dim()) {
  clear(parts);
}

void Taste::clear(const TasteParts& parts) noexcept {
  std::ranges::fill(values_, 0.0F);
  std::ranges::copy(parts, this->parts().begin());
  revision_.renew();
}

void Taste::clear_events() noexcept {
  std::ranges::fill(recent(), 0.0F);
  revision_.renew();
}

void Taste::move_part(std::size_t mean, float by) noexcept {
  parts()[mean] += by;
  revision_.renew();
}

bool Taste::could_be(std::span<const float> values) const noexcept {
  const auto is_bounded = [](float value) { return value >= -max_learned && value <= max_learned; };
  return values.size() == values_.size() && std::ranges::all_of(values, is_bounded) &&
         RecentMeans::could_be(values.last(RecentMeans::size(hidden_dim_)));
}

void Taste::restore(std::span<const float> values) noexcept {
  std::ranges::copy(values, values_.begin());
  revision_.renew();
}

TasteWorkspace::TasteWorkspace(const TasteModel& model)
    : means_(recent_means * model.hidden_dim()),
      along_(model.directions().size() / model.hidden_dim()),
      sum_(model.hidden_dim()),
      rounded_(model.hidden_dim()),
      rows_(model.engine()) {}

Adapter TasteLearner::adapter() noexcept {
  return {model_->hidden_dim(), model_->directions(), taste_->adapted(), workspace_->along_};
}

RecentMeans TasteLearner::recent() noexcept {
  return {model_->hidden_dim(), model_->rows_per_unit(), taste_->recent()};
}

void TasteLearner::observe(ItemIndex item, std::span<const std::int16_t> u) noexcept {
  RowSum& rows = workspace_->rows_;
  rows.clear();
  rows.add(item, 1.0F);
  recent().observe(rows.total(), u);
  taste_->revision_.renew();
}

std::span<const std::int16_t> TasteLearner::at(std::span<const std::int16_t> u) noexcept {
  std::span<float> means(workspace_->means_);
  std::span<float> sum(workspace_->sum_);
  std::span<std::int16_t> rounded(workspace_->rounded_);
  recent().at(u, means);
  std::ranges::copy(taste_->vector(), sum.begin());
  const auto parts = taste_->parts();
  for (std::size_t k = 0; k < recent_means; ++k) {
    for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += parts[k] * means[k * sum.size() + c];
  }
  adapter().add_to(sum, u);
  for (std::size_t c = 0; c < sum.size(); ++c) {
    const float by = std::clamp(sum[c] * head_input_one, -max_added, max_added);
    rounded[c] = static_cast<std::int16_t>(by < 0 ? by - 0.5F : by + 0.5F);
  }
  return rounded;
}

void TasteLearner::learn(std::span<const float> probabilities, Lesson lesson) noexcept {
  RowSum& rows = workspace_->rows_;
  rows.clear();
  const float mass = sum_of_shares(lesson);
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] >= min_pushing_probability) rows.add(i, mass * probabilities[i]);
  }
  for (const auto& [item, share] : lesson) rows.add(item, -share);
  const auto gradient = rows.total();
  const float temperature = model_->temperature();
  const auto parts = taste_->parts();
  for (std::size_t k = 0; k < recent_means; ++k) {
    float along = 0;
    for (std::size_t c = 0; c < gradient.size(); ++c)
      along += gradient[c] * workspace_->means_[k * gradient.size() + c];
    workspace_->parts_gradient_[k] = temperature * along;
    parts[k] = std::clamp(parts[k] - part_rate * workspace_->parts_gradient_[k], -max_part, max_part);
  }
  const float unit = 1.0F / (model_->row_norm() * temperature);
  adapter().learn(gradient, adapter_rate * unit);
  const auto vector = taste_->vector();
  for (std::size_t c = 0; c < vector.size(); ++c) vector[c] = stepped(vector[c], vector_rate * unit * gradient[c]);
  taste_->revision_.renew();
}

}  // namespace sotto
