#include <sotto/model/internal/float_values.hpp>

#include <sotto/base/internal/bytes.hpp>
#include <sotto/base/internal/half_precision.hpp>

#include <cstdint>

namespace sotto {

std::optional<std::vector<float>> float_values(const TensorView& tensor) {
  const std::size_t size = tensor_type_size(tensor.type);
  std::vector<float> values(tensor.bytes.size() / size);
  const std::byte* from = tensor.bytes.data();
  for (float& value : values) {
    switch (tensor.type) {
      case TensorType::f32: value = load_le<float>(from); break;
      case TensorType::f64: value = static_cast<float>(load_le<double>(from)); break;
      case TensorType::f16: value = half_to_float(load_le<std::uint16_t>(from)); break;
      case TensorType::bf16: value = bfloat16_to_float(load_le<std::uint16_t>(from)); break;
      default: return std::nullopt;
    }
    from += size;
  }
  return values;
}

}  // namespace sotto
