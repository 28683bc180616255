#include <sotto/fit/adapter_directions.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/runtime/internal/principal_axes.hpp>
#include <sotto/runtime/row_sum.hpp>

#include <algorithm>
#include <cmath>
#include <span>

namespace sotto::fit {
namespace {

constexpr std::size_t sampled_rows = 16'384;  // spread evenly

// Returns the second moments of the head's rows, [H × H].
std::vector<double> row_moments(const Engine& engine) {
  const std::size_t dim = engine.architecture().hidden_dim;
  std::vector<double> moments(dim * dim);
  RowSum rows(engine);
  const std::size_t items = engine.architecture().items;
  const std::size_t apart = std::max<std::size_t>(1, items / sampled_rows);
  for (std::size_t item = 0; item < items; item += apart) {
    rows.clear();
    rows.add(item, 1.0F);
    const auto row = rows.total();
    for (std::size_t i = 0; i < dim; ++i) {
      for (std::size_t j = 0; j < dim; ++j) {
        moments[i * dim + j] += static_cast<double>(row[i]) * static_cast<double>(row[j]);
      }
    }
  }
  return moments;
}

}  // namespace

std::vector<std::int8_t> adapter_directions(const Engine& engine) {
  const std::size_t dim = engine.architecture().hidden_dim;
  const PrincipalAxes found = principal_axes(row_moments(engine), dim);
  std::vector<std::int8_t> directions;
  for (std::size_t a = 0; a < adapter_rank_of(dim); ++a) {
    const auto axis = std::span(found.axes).subspan(a * dim, dim);
    const double largest = *std::ranges::max_element(axis, {}, [](double value) { return std::abs(value); });
    for (const double value : axis) {
      directions.push_back(static_cast<std::int8_t>(std::nearbyint((largest < 0 ? -127 : 127) * value)));
    }
  }
  return directions;
}

}  // namespace sotto::fit
