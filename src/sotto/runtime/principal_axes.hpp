// The principal axes of a matrix of second moments.
#pragma once

#include <cstddef>
#include <vector>

namespace sotto {

struct PrincipalAxes {
  std::vector<double> axes;    // [n × n], an axis in each row, by descending moment
  std::vector<double> moment;  // [n], along each axis
};

// moments: symmetric [n × n], n ≥ 1. Cyclic Jacobi rotations: about n³ operations a sweep, at most 16 sweeps. How good
// the axes are is for the caller to check.
[[nodiscard]] PrincipalAxes principal_axes(std::vector<double> moments, std::size_t n);

}  // namespace sotto
