// Sotto's model file: safetensors with the spec in its metadata (docs/format.md).
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

// Where a fixed model's int8 weights are: copied out of the file, or left in its bytes, which must then outlive the
// model and its copies.
enum class WeightStorage { copied, in_file };
// How what is said for people is read: the catalogue, and the record of licence and training. A host that reads it by
// itself leaves it out, and the readers' code with it; it is empty then.
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

// Opening validates everything: header, spec, catalogue and record unless left out, every tensor's type, shape and
// place. The error names the first thing that is wrong.
[[nodiscard]] Result<std::variant<FloatModel, FixedModel>> parse_model(std::span<const std::byte> file);
[[nodiscard]] Result<FloatModel> parse_float_model(std::span<const std::byte> file);
[[nodiscard]] Result<FixedModel> parse_fixed_model(std::span<const std::byte> file, FixedModelReading reading = {});

// The file's bytes; the same model gives the same bytes. Precondition: the model is consistent.
[[nodiscard]] std::vector<std::byte> serialize(const FloatModel& model);
[[nodiscard]] std::vector<std::byte> serialize(const FixedModel& model);

}  // namespace sotto
