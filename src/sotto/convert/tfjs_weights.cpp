#include <sotto/base/internal/bytes.hpp>
#include <sotto/base/internal/half_precision.hpp>
#include <sotto/convert/errors.hpp>
#include <sotto/convert/tfjs_weights.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sotto::convert {
namespace {

// Tells whether a shard's path stays in the folder of model.json. It must be relative, without a drive, a scheme or a
// step upwards.
bool stays_in_folder(std::string_view path) {
  if (path.empty() || path.front() == '/' || !data::is_utf8(path)) return false;
  if (path.find_first_of(std::string_view("\\:\0", 3)) != std::string_view::npos) return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..") return false;
    begin = end + 1;
  }
  return true;
}

// Returns the bytes of one stored value, or nothing for a type without a fixed size.
std::optional<std::size_t> value_size(std::string_view dtype) {
  if (dtype == "uint8" || dtype == "bool") return 1;
  if (dtype == "uint16" || dtype == "float16") return 2;
  if (dtype == "float32" || dtype == "int32") return 4;
  if (dtype == "complex64") return 8;
  return std::nullopt;
}

Result<double> finite_number(const Json& object, std::string_view name, const std::string& where) {
  const Json* field = find_field(object, name);
  if (field == nullptr || !field->is_number() || !std::isfinite(field->get<double>())) {
    return malformed(fmt::format("{} has no number '{}' in its quantization", where, name));
  }
  return field->get<double>();
}

}  // namespace

Result<TfjsWeights> TfjsWeights::read(const Json& manifest, const ReadShard& read_shard) {
  if (!manifest.is_array()) return malformed("weightsManifest is not a list");
  TfjsWeights weights;
  for (const Json& group : manifest) {
    if (auto status = weights.read_group(group, read_shard); !status) return std::move(status).error();
  }
  return weights;
}

Status TfjsWeights::read_group(const Json& group, const ReadShard& read_shard) {
  const Json* paths = find_field(group, "paths");
  const Json* entries = find_field(group, "weights");
  if (paths == nullptr || !paths->is_array() || entries == nullptr || !entries->is_array()) {
    return malformed("a group of weightsManifest has no lists 'paths' and 'weights'");
  }
  std::vector<std::byte>& bytes = groups_.emplace_back();
  std::string files;
  for (const Json& entry : *paths) {
    const auto* path = entry.get_ptr<const std::string*>();
    if (path == nullptr || !stays_in_folder(*path)) {
      return malformed(fmt::format("the shard path {} leads out of the folder of model.json", shown(entry)));
    }
    auto shard = read_shard(*path);
    if (!shard) return std::move(shard).error();
    bytes.insert(bytes.end(), shard->begin(), shard->end());
    files += (files.empty() ? "" : ", ") + data::in_quotes(*path);
  }

  std::size_t offset = 0;
  for (const Json& entry : *entries) {
    const std::string* name = find_string(entry, "name");
    if (name == nullptr) return malformed(fmt::format("a weight of weightsManifest has no name: {}", shown(entry)));
    const std::string where = fmt::format("weight {}", data::in_quotes(*name));
    Weight weight;
    auto size = describe(entry, where, weight);
    if (!size) return std::move(size).error();
    if (*size > bytes.size() - offset) {
      return Error{ErrorCode::truncated,
                   fmt::format("{} of shape {} needs {} bytes from byte {}, but its shards {} have only {}", where,
                               to_string(weight.shape), *size, offset, files, bytes.size())};
    }
    weight.group = groups_.size() - 1;
    weight.offset = offset;
    offset += *size;
    if (!weights_.emplace(*name, std::move(weight)).second) return malformed(fmt::format("{} is there twice", where));
  }
  if (offset != bytes.size()) {
    return malformed(fmt::format("the shards {} have {} bytes, the weights in them {}", files, bytes.size(), offset));
  }
  return Ok{};
}

// Returns the number of bytes of the weight.
Result<std::size_t> TfjsWeights::describe(const Json& entry, const std::string& where, Weight& weight) {
  const std::string* dtype = find_string(entry, "dtype");
  const Json* shape = find_field(entry, "shape");
  if (dtype == nullptr || shape == nullptr || !shape->is_array()) {
    return malformed(fmt::format("{} has no dtype and shape", where));
  }
  for (const Json& extent : *shape) {
    if (!extent.is_number_unsigned()) {
      return malformed(fmt::format("{} has a dimension that is not a whole number ≥ 0: {}", where, shown(extent)));
    }
    weight.shape.push_back(extent.get<std::uint64_t>());
  }
  weight.dtype = *dtype;
  const std::string* stored = dtype;
  if (*dtype == "float32") weight.storage = Storage::float32;
  if (const Json* quantization = find_field(entry, "quantization")) {
    stored = find_string(*quantization, "dtype");
    if (stored == nullptr || *dtype != "float32" ||
        (*stored != "uint8" && *stored != "uint16" && *stored != "float16")) {
      return Error{ErrorCode::unsupported, fmt::format("{} is {} with quantization {}; float32 from uint8, uint16 or "
                                                       "float16 is expected",
                                                       where, data::in_quotes(*dtype), shown(*quantization))};
    }
    weight.storage = *stored == "float16" ? Storage::float16 : *stored == "uint8" ? Storage::uint8 : Storage::uint16;
    if (weight.storage != Storage::float16) {
      auto scale = finite_number(*quantization, "scale", where);
      if (!scale) return std::move(scale).error();
      auto min = finite_number(*quantization, "min", where);
      if (!min) return std::move(min).error();
      weight.scale = *scale;
      weight.min = *min;
    }
  }
  const auto count = element_count(weight.shape);
  const auto size = value_size(*stored);
  if (!size) {
    return Error{ErrorCode::unsupported, fmt::format("{} has dtype {}", where, data::in_quotes(*stored))};
  }
  std::uint64_t bytes = 0;
  if (!count || __builtin_mul_overflow(*count, *size, &bytes)) {
    return malformed(fmt::format("{} has a shape {} whose size overflows", where, to_string(weight.shape)));
  }
  weight.count = static_cast<std::size_t>(*count);
  return static_cast<std::size_t>(bytes);
}

std::vector<std::string_view> TfjsWeights::names() const {
  std::vector<std::string_view> result;
  for (const auto& [name, weight] : weights_) result.push_back(name);
  return result;
}

Result<FloatTensor> TfjsWeights::load(std::string_view name, const TensorShape& shape) const {
  const Weight& weight = weights_.find(name)->second;
  const std::string where = fmt::format("weight {}", data::in_quotes(name));
  if (weight.storage == Storage::other) {
    return Error{ErrorCode::wrong_type,
                 fmt::format("{} has dtype {}, expected float32", where, data::in_quotes(weight.dtype))};
  }
  if (weight.shape != shape) {
    return Error{ErrorCode::wrong_shape,
                 fmt::format("{} has shape {}, expected {}", where, to_string(weight.shape), to_string(shape))};
  }
  FloatTensor tensor{shape, std::vector<float>(weight.count)};
  const std::byte* from = groups_[weight.group].data() + weight.offset;
  const auto restore = [&](double stored) { return static_cast<float>(stored * weight.scale + weight.min); };
  for (std::size_t i = 0; i < weight.count; ++i) {
    switch (weight.storage) {
      case Storage::float32: tensor.values[i] = load_le<float>(from + 4 * i); break;
      case Storage::float16: tensor.values[i] = half_to_float(load_le<std::uint16_t>(from + 2 * i)); break;
      case Storage::uint8: tensor.values[i] = restore(load_le<std::uint8_t>(from + i)); break;
      case Storage::uint16: tensor.values[i] = restore(load_le<std::uint16_t>(from + 2 * i)); break;
      case Storage::other: break;
    }
  }
  return tensor;
}

}  // namespace sotto::convert
