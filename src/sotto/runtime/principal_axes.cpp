#include <sotto/runtime/internal/principal_axes.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sotto {
namespace {

constexpr int max_sweeps = 16;

// Rotates two entries of a pair of rows or columns.
void rotate(double& a, double& b, double cosine, double sine) noexcept {
  const double before = a;
  a = cosine * before - sine * b;
  b = sine * before + cosine * b;
}

}  // namespace

PrincipalAxes principal_axes(std::vector<double> moments, std::size_t n) {
  PrincipalAxes result{std::vector<double>(n * n), std::vector<double>(n)};
  auto& axes = result.axes;
  double trace = 0;
  for (std::size_t i = 0; i < n; ++i) {
    axes[i * n + i] = 1;
    trace += moments[i * n + i];
  }
  const double negligible = trace * 1e-12;
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < max_sweeps; ++sweep) {
    rotated = false;
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        const double mixed = moments[p * n + q];
        if (std::abs(mixed) <= negligible) continue;
        rotated = true;
        // This is the smaller angle that makes the mixed moment 0 (Golub and Van Loan, Matrix Computations, 8.5).
        const double ratio = (moments[q * n + q] - moments[p * n + p]) / (2 * mixed);
        const double tangent = (ratio < 0 ? -1 : 1) / (std::abs(ratio) + std::sqrt(1 + ratio * ratio));
        const double cosine = 1 / std::sqrt(1 + tangent * tangent);
        const double sine = tangent * cosine;
        for (std::size_t k = 0; k < n; ++k) rotate(moments[k * n + p], moments[k * n + q], cosine, sine);
        for (std::size_t k = 0; k < n; ++k) rotate(moments[p * n + k], moments[q * n + k], cosine, sine);
        for (std::size_t k = 0; k < n; ++k) rotate(axes[p * n + k], axes[q * n + k], cosine, sine);
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) result.moment[i] = moments[i * n + i];
  // Selection sort is enough, because there are few axes.
  for (std::size_t i = 0; i < n; ++i) {
    const auto rest = result.moment.begin() + static_cast<std::ptrdiff_t>(i);
    const auto largest = static_cast<std::size_t>(std::max_element(rest, result.moment.end()) - result.moment.begin());
    if (largest == i) continue;
    std::swap(result.moment[i], result.moment[largest]);
    std::swap_ranges(&axes[i * n], &axes[i * n] + n, &axes[largest * n]);
  }
  return result;
}

}  // namespace sotto
