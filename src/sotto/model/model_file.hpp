// Sotto's model file is a safetensors file with the spec in its metadata (docs/format.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/catalogue_json.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/model/spec_json.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace sotto {

// Where a fixed model keeps its int8 weights. With `copied`, the model owns them. With `in_file`, the model refers to
// the file's bytes, which must outlive the model and its copies.
enum class WeightStorage { copied, in_file };
// The readers of the fields that only people need: the catalogue, and the record of license and training. A host that
// reads these fields itself passes null, so that its program does not contain the readers. The fields then stay empty.
struct InfoReaders {
  Result<Catalogue> (*catalogue)(std::string_view text, std::uint32_t items);
  RecordReader record;
};
inline constexpr InfoReaders read_info{parse_catalogue, read_record};
inline constexpr InfoReaders leave_out_info{nullptr, nullptr};

struct FixedModelReading {
  WeightStorage weights = WeightStorage::copied;
  InfoReaders info = read_info;
};

// Opening validates the header, the spec, the catalogue and the record (the last two only if their readers are set). It
// also validates the type, shape and place of every tensor. The error names the first fault.
[[nodiscard]] Result<std::variant<FloatModel, FixedModel>> parse_model(std::span<const std::byte> file);
[[nodiscard]] Result<FloatModel> parse_float_model(std::span<const std::byte> file);
[[nodiscard]] Result<FixedModel> parse_fixed_model(std::span<const std::byte> file, FixedModelReading reading = {});

// Returns the file's bytes. Equal models give equal bytes. Precondition: the model is consistent.
[[nodiscard]] std::vector<std::byte> serialize(const FloatModel& model);
[[nodiscard]] std::vector<std::byte> serialize(const FixedModel& model);

}  // namespace sotto
