// Sotto's model file: safetensors with the spec in its metadata (docs/format.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

namespace sotto {

// Where a fixed model's int8 weights are: copied out of the file, or left in its bytes, which must then outlive the
// model and its copies.
enum class WeightStorage { copied, in_file };
// Whether the catalogue is read, or left to the host that shows items; it is empty then.
enum class CatalogueUse { read, left_out };

struct FixedModelReading {
  WeightStorage weights = WeightStorage::copied;
  CatalogueUse catalogue = CatalogueUse::read;
};

// Opening validates everything: header, spec, catalogue unless left out, every tensor's type, shape and place. The
// error names the first thing that is wrong.
[[nodiscard]] Result<std::variant<FloatModel, FixedModel>> parse_model(std::span<const std::byte> file);
[[nodiscard]] Result<FloatModel> parse_float_model(std::span<const std::byte> file);
[[nodiscard]] Result<FixedModel> parse_fixed_model(std::span<const std::byte> file, FixedModelReading reading = {});

// The file's bytes; the same model gives the same bytes. Precondition: the model is consistent.
[[nodiscard]] std::vector<std::byte> serialize(const FloatModel& model);
[[nodiscard]] std::vector<std::byte> serialize(const FixedModel& model);

}  // namespace sotto
