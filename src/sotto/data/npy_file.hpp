// NumPy's .npy container: one array with its type and shape.
// Format: NumPy Enhancement Proposal 1, versions 1.0 to 3.0.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/internal/safetensors.hpp>

#include <cstddef>
#include <span>

namespace sotto::data {

[[nodiscard]] bool is_npy(std::span<const std::byte> file) noexcept;

// A view into the file's bytes. Takes little-endian floats of 2, 4 and 8 bytes in row-major order and refuses other
// arrays by what they are. Bounded and validated: the bytes are exactly as many as the shape says.
[[nodiscard]] Result<TensorView> parse_npy(std::span<const std::byte> file);

}  // namespace sotto::data
