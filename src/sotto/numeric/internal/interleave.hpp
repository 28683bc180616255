// Interleaves a matrix for tiers whose vectors hold the same columns of several rows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sotto {

// Implements Kernels::interleave.
void interleave_rows(const std::int8_t* weights, std::size_t rows, std::size_t stride, std::int8_t* out);

}  // namespace sotto
