// Reads the values of a floating-point tensor of any width as float32.
#pragma once

#include <sotto/model/internal/safetensors.hpp>

#include <optional>
#include <vector>

namespace sotto {

// Accepts F16, BF16, F32 and F64. F64 is rounded to nearest. Returns nothing for other types.
[[nodiscard]] std::optional<std::vector<float>> float_values(const TensorView& tensor);

}  // namespace sotto
