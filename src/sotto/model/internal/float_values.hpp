// A floating-point tensor's values as float32, whatever its width.
#pragma once

#include <sotto/model/safetensors.hpp>

#include <optional>
#include <vector>

namespace sotto {

// F16, BF16, F32 and F64, the last rounded to nearest; nothing for other types.
[[nodiscard]] std::optional<std::vector<float>> float_values(const TensorView& tensor);

}  // namespace sotto
