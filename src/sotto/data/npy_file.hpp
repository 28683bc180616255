// Reads NumPy's .npy container: one array with its type and shape. The format is NumPy Enhancement Proposal 1, versions
// 1.0 to 3.0.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/internal/safetensors.hpp>

#include <cstddef>
#include <span>

namespace sotto::data {

[[nodiscard]] bool is_npy(std::span<const std::byte> file) noexcept;

// Returns a view into the file's bytes. Accepts little-endian floats with 2, 4 or 8 bytes in row-major order. For other
// arrays, the error names their kind. Bounds are checked: the number of bytes must match the shape exactly.
[[nodiscard]] Result<TensorView> parse_npy(std::span<const std::byte> file);

}  // namespace sotto::data
