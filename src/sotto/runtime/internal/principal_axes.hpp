// Computes the principal axes of a matrix of second moments.
#pragma once

#include <cstddef>
#include <vector>

namespace sotto {

struct PrincipalAxes {
  std::vector<double> axes;    // [n × n], an axis in each row, the largest moment first
  std::vector<double> moment;  // [n], along each axis
};

// The method is cyclic Jacobi rotations, with about n³ operations a sweep and at most 16 sweeps. The caller checks the
// quality of the axes. moments: symmetric [n × n], n ≥ 1.
[[nodiscard]] PrincipalAxes principal_axes(std::vector<double> moments, std::size_t n);

}  // namespace sotto
