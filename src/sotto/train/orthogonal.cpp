#include <sotto/train/orthogonal.hpp>

#include <cmath>
#include <numbers>
#include <vector>

namespace sotto::train {
namespace {

// The method of Box and Muller, 1958.
double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - static_cast<double>(random.uniform())));
  return radius * std::cos(2 * std::numbers::pi * static_cast<double>(random.uniform()));
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void subtract(double times, const std::vector<double>& what, std::vector<double>& from) {
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= times * what[i];
}

}  // namespace

// The method of Gram and Schmidt, on normal columns, which have no preferred direction.
void fill_orthogonal(std::span<float> matrix, std::size_t cols, Random& random) {
  const std::size_t rows = matrix.size() / cols;
  std::vector<std::vector<double>> columns;
  for (std::size_t c = 0; c < cols; ++c) {
    std::vector<double> column(rows);
    for (double& value : column) value = normal(random);
    for (const auto& earlier : columns) subtract(dot(earlier, column), earlier, column);
    const double norm = std::sqrt(dot(column, column));
    for (double& value : column) value /= norm;
    for (std::size_t r = 0; r < rows; ++r) matrix[r * cols + c] = static_cast<float>(column[r]);
    columns.push_back(std::move(column));
  }
}

}  // namespace sotto::train
