// The safetensors container has an 8-byte little-endian header size, a JSON header, and the tensors' bytes. The format
// is Hugging Face safetensors 0.4. The reader checks every bound. It validates the format's rules: offsets are in
// range, sizes match type and shape, and every byte is indexed exactly once.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto {

// The types in Sotto's own files and in the state dicts that other tools write.
enum class TensorType { i8, u8, u16, i32, u32, f32, f16, bf16, f64, i64 };

[[nodiscard]] std::string_view tensor_type_name(TensorType type) noexcept;  // "I8", "F32", …
[[nodiscard]] std::size_t tensor_type_size(TensorType type) noexcept;       // bytes per element

using TensorShape = std::vector<std::uint64_t>;
[[nodiscard]] std::string to_string(const TensorShape& shape);  // "[512, 64]"

struct TensorView {
  TensorType type;
  TensorShape shape;
  std::span<const std::byte> bytes;  // exactly type size × product of the shape
};

// The views refer to the bytes that were parsed.
struct Safetensors {
  std::map<std::string, TensorView, std::less<>> tensors;
  std::map<std::string, std::string, std::less<>> metadata;
};

// The entry "format" of a checkpoint's metadata (train/checkpoint.hpp): what tells it from a model.
inline constexpr const char* checkpoint_format_name = "sotto-training-checkpoint";

inline constexpr std::size_t max_safetensors_header = 100'000'000;  // bytes; the format's own limit

[[nodiscard]] Result<Safetensors> parse_safetensors(std::span<const std::byte> file);

struct NamedTensor {
  std::string name;
  TensorView view;
};

// The tensors are written in the given order. If tensors of wider types come first, each tensor is naturally aligned.
[[nodiscard]] std::vector<std::byte> write_safetensors(const std::map<std::string, std::string, std::less<>>& metadata,
                                                       std::span<const NamedTensor> tensors);

}  // namespace sotto
