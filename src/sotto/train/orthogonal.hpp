// Random orthogonal matrices as initial recurrent weights. They do not change the length of a state (Saxe et al.,
// 2014).
#pragma once

#include <sotto/base/random.hpp>

#include <cstddef>
#include <span>

namespace sotto::train {

// Fills a row-major matrix [rows × cols] with orthonormal columns, uniformly among all such matrices. Precondition:
// rows ≥ cols.
void fill_orthogonal(std::span<float> matrix, std::size_t cols, Random& random);

}  // namespace sotto::train
