// Describes a model file for 'sotto inspect', as text and as JSON.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/report/json.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sotto::present {

struct TensorDescription {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t bytes;
};

struct ModelDescription {
  std::string kind;  // "fixed" or "float"
  std::uint64_t file_bytes;
  std::uint64_t fingerprint;
  ModelInfo info;
  std::vector<TensorDescription> tensors;
  std::vector<std::pair<std::string, std::string>> number_formats;  // quantity, format
  std::uint32_t items_shown;
};

// Describes the model in the bytes of `file` with the first `items_shown` items of its catalogue. Fails as parsing the
// model fails.
[[nodiscard]] Result<ModelDescription> describe_model(std::span<const std::byte> file, std::uint32_t items_shown);
[[nodiscard]] report::Json to_json(const ModelDescription& description);
[[nodiscard]] std::string to_text(const ModelDescription& description);

}  // namespace sotto::present
