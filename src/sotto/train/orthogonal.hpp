// Random orthogonal matrices, which recurrent weights may start from: they neither stretch nor shrink a state (Saxe et
// al., 2014).
#pragma once

#include <sotto/base/random.hpp>

#include <cstddef>
#include <span>

namespace sotto::train {

// Fills a row-major matrix [rows × cols] with orthonormal columns, uniformly among all such. Precondition: rows ≥ cols.
void fill_orthogonal(std::span<float> matrix, std::size_t cols, Random& random);

}  // namespace sotto::train
