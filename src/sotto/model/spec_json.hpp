// Writes and reads the spec as JSON. The model file's metadata has it under "sotto" (docs/format.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/spec.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto {

// A file states the oldest version that supports everything in the file.
inline constexpr int format_version = 2;
inline constexpr int format_version_with_s4_head = 3;
inline constexpr int format_version_with_memory = 4;

// The integers of a fixed-point model that are not tensors, one entry for each layer.
struct FixedNumbers {
  std::vector<std::int32_t> hidden_multiplier;
  std::vector<std::int32_t> cell_bits;
  std::int32_t head_bits = 8;  // 8 or 4; stated from format_version_with_s4_head on
};

class FieldReader;
using RecordReader = void (*)(FieldReader& spec, ModelInfo& info);

struct Spec {
  ModelInfo info;                     // without the catalogue and the event sketch, which are tensors
  std::optional<FixedNumbers> fixed;  // absent in a float model
};

// Explains one tensor to people. Roles are written to the file but not read back.
struct TensorRole {
  std::string name;
  std::string role;
};

[[nodiscard]] std::string to_json_text(const ModelInfo& info, const std::optional<FixedNumbers>& fixed,
                                       const std::vector<TensorRole>& tensor_roles);
// Reads the license, the attribution and the training record. The engine needs none of them.
void read_record(FieldReader& spec, ModelInfo& info);
// `record`: read_record, or null to skip the record.
[[nodiscard]] Result<Spec> parse_spec(std::string_view text, int version, RecordReader record);

}  // namespace sotto
