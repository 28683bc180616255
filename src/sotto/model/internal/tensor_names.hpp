// The names of a model file's metadata and tensors (docs/format.md). The reader and the writer share them.
#pragma once

#include <sotto/model/internal/safetensors.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

namespace sotto {

inline constexpr const char* format_name = "sotto";
inline constexpr const char* format_key = "format";
inline constexpr const char* version_key = "format_version";
inline constexpr const char* spec_key = "sotto";
inline constexpr const char* checksum_key = "checksum";
inline constexpr const char* catalogue_name = "catalogue";
inline constexpr const char* sketch_name = "training.event_sketch";
inline constexpr const char* history_age_name = "history.age";
inline constexpr const char* history_count_name = "history.count";
inline constexpr const char* history_follow_name = "history.follow";
inline constexpr const char* memory_temperature_name = "memory.temperature";
inline constexpr const char* memory_weight_name = "memory.weight";
inline constexpr const char* memory_recent_name = "memory.recent";
inline constexpr const char* memory_direction_name = "memory.direction";
inline constexpr const char* counts_begin_name = "counts.begin";
inline constexpr const char* counts_neighbor_name = "counts.neighbour";
inline constexpr const char* counts_weight_name = "counts.weight";
inline constexpr const char* counts_multiplier_name = "counts.multiplier";
inline constexpr const char* counts_decay_name = "counts.decay";
inline constexpr const char* counts_curve_name = "counts.curve";

// Item indices are stored in 16 bits if the catalogue has at most this many items.
inline constexpr std::uint32_t max_items_of_u16 = 1U << 16;

[[nodiscard]] inline std::string layer_name(std::size_t layer, const char* part) {
  return "lstm." + std::to_string(layer) + "." + part;
}

template <class T>
[[nodiscard]] constexpr TensorType type_of() {
  if constexpr (std::is_same_v<T, std::int8_t>) return TensorType::i8;
  if constexpr (std::is_same_v<T, std::uint8_t>) return TensorType::u8;
  if constexpr (std::is_same_v<T, std::uint16_t>) return TensorType::u16;
  if constexpr (std::is_same_v<T, std::int32_t>) return TensorType::i32;
  if constexpr (std::is_same_v<T, std::uint32_t>) return TensorType::u32;
  if constexpr (std::is_same_v<T, float>) return TensorType::f32;
}

}  // namespace sotto
