#include <sotto/base/internal/bytes.hpp>
#include <sotto/model/internal/json_document.hpp>
#include <sotto/model/internal/json_in_error.hpp>
#include <sotto/model/internal/safetensors.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>

namespace sotto {
namespace {

using nlohmann::json;

constexpr std::size_t size_field_bytes = 8;
constexpr std::size_t data_alignment = 64;  // the header is padded with spaces so that the data starts on it

Error malformed(std::string detail) { return {ErrorCode::malformed, std::move(detail)}; }

std::optional<TensorType> tensor_type(std::string_view name) noexcept {
  for (const TensorType type : {TensorType::i8, TensorType::u8, TensorType::u16, TensorType::i32, TensorType::u32,
                                TensorType::f32, TensorType::f16, TensorType::bf16, TensorType::f64, TensorType::i64}) {
    if (tensor_type_name(type) == name) return type;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> as_unsigned(const json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<std::uint64_t>();
}

struct PlacedTensor {
  std::string name;
  std::uint64_t begin;
  std::uint64_t end;
};

Result<TensorView> parse_tensor(const std::string& name, const json& entry, std::span<const std::byte> data,
                                std::vector<PlacedTensor>& placed) {
  const std::string where = "tensor '" + name + "'";
  if (!entry.is_object()) return malformed(where + " is not a JSON object");
  const auto dtype = entry.find("dtype");
  const auto shape = entry.find("shape");
  const auto offsets = entry.find("data_offsets");
  if (dtype == entry.end() || !dtype->is_string()) return malformed(where + " has no string 'dtype'");
  if (shape == entry.end() || !shape->is_array()) return malformed(where + " has no array 'shape'");
  if (offsets == entry.end() || !offsets->is_array() || offsets->size() != 2) {
    return malformed(where + " has no 'data_offsets' of two numbers");
  }
  const auto& type_name = dtype->get_ref<const std::string&>();
  const auto type = tensor_type(type_name);
  if (!type)
    return Error{ErrorCode::wrong_type,
                 where + " has type '" + type_name + "', expected I8, U8, U16, I32, U32, I64, F16, BF16, F32 or F64"};

  TensorView view{*type, {}, {}};
  std::uint64_t bytes = tensor_type_size(*type);
  for (const auto& dim : *shape) {
    const auto extent = as_unsigned(dim);
    if (!extent) return malformed(where + " has a dimension that is not a whole number ≥ 0: " + shown_in_error(dim));
    if (*extent != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / *extent) {
      return malformed(where + " has a shape whose size overflows");
    }
    bytes *= *extent;
    view.shape.push_back(*extent);
  }
  const auto begin = as_unsigned((*offsets)[0]);
  const auto end = as_unsigned((*offsets)[1]);
  if (!begin || !end || *begin > *end)
    return malformed(where + " has invalid data_offsets " + shown_in_error((*offsets)[0]) + " to " +
                     shown_in_error((*offsets)[1]));
  if (*end > data.size()) {
    return Error{ErrorCode::truncated, where + " ends at data byte " + std::to_string(*end) +
                                           ", but the file has only " + std::to_string(data.size()) + " data bytes"};
  }
  if (*end - *begin != bytes) {
    return Error{ErrorCode::wrong_shape, where + " of shape " + to_string(view.shape) + " needs " +
                                             std::to_string(bytes) + " bytes, but its data_offsets span " +
                                             std::to_string(*end - *begin)};
  }
  view.bytes = data.subspan(static_cast<std::size_t>(*begin), static_cast<std::size_t>(bytes));
  placed.push_back({name, *begin, *end});
  return view;
}

// The format forbids holes and overlaps, so that a file can neither hide nor share bytes.
Status check_fully_indexed(std::vector<PlacedTensor>& placed, std::size_t data_size) {
  const auto stands_before = [](const PlacedTensor& a, const PlacedTensor& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  };
  // A heap sorts the tensors, because a page downloads this code and std::sort has ten times the code.
  std::ranges::make_heap(placed, stands_before);
  std::ranges::sort_heap(placed, stands_before);
  std::uint64_t expected = 0;
  for (const auto& tensor : placed) {
    if (tensor.begin != expected) {
      return malformed("tensor '" + tensor.name + "' starts at data byte " + std::to_string(tensor.begin) +
                       ", expected " + std::to_string(expected) + " (tensors may neither overlap nor leave gaps)");
    }
    expected = tensor.end;
  }
  if (expected != data_size) {
    return malformed("the tensors end at data byte " + std::to_string(expected) + ", but the file has " +
                     std::to_string(data_size) + " data bytes");
  }
  return Ok{};
}

}  // namespace

std::string_view tensor_type_name(TensorType type) noexcept {
  switch (type) {
    case TensorType::i8: return "I8";
    case TensorType::u8: return "U8";
    case TensorType::u16: return "U16";
    case TensorType::i32: return "I32";
    case TensorType::u32: return "U32";
    case TensorType::f32: return "F32";
    case TensorType::f16: return "F16";
    case TensorType::bf16: return "BF16";
    case TensorType::f64: return "F64";
    case TensorType::i64: return "I64";
  }
  return "?";
}

std::size_t tensor_type_size(TensorType type) noexcept {
  switch (type) {
    case TensorType::i8:
    case TensorType::u8: return 1;
    case TensorType::u16:
    case TensorType::f16:
    case TensorType::bf16: return 2;
    case TensorType::i32:
    case TensorType::u32:
    case TensorType::f32: return 4;
    case TensorType::f64:
    case TensorType::i64: return 8;
  }
  return 0;
}

std::string to_string(const TensorShape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i != 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + "]";
}

Result<Safetensors> parse_safetensors(std::span<const std::byte> file) {
  if (file.empty()) return Error{ErrorCode::truncated, "the file is empty"};
  if (file.size() < size_field_bytes) {
    return Error{ErrorCode::truncated, "the file has " + std::to_string(file.size()) +
                                           " bytes, fewer than the 8 of a safetensors header size"};
  }
  const auto header_size = load_le<std::uint64_t>(file.data());
  if (header_size > max_safetensors_header) {
    return malformed("the header size at byte 0 is " + std::to_string(header_size) +
                     ", above the limit of 100000000: not a safetensors file");
  }
  if (header_size > file.size() - size_field_bytes) {
    return Error{ErrorCode::truncated, "the header needs " + std::to_string(header_size) + " bytes, but only " +
                                           std::to_string(file.size() - size_field_bytes) + " follow byte 8"};
  }
  const auto header_bytes = file.subspan(size_field_bytes, static_cast<std::size_t>(header_size));
  if (header_bytes.empty() || header_bytes.front() != std::byte{'{'}) {
    return malformed("the header at byte 8 does not start with '{': not a safetensors file");
  }
  const auto* text = reinterpret_cast<const char*>(header_bytes.data());
  const json header = parse_json({text, header_bytes.size()});
  if (!header.is_object()) return malformed("the header is not valid JSON");

  const auto data = file.subspan(size_field_bytes + static_cast<std::size_t>(header_size));
  Safetensors result;
  std::vector<PlacedTensor> placed;
  for (const auto& [key, entry] : header.items()) {
    if (key == "__metadata__") {
      if (!entry.is_object()) return malformed("__metadata__ is not a JSON object");
      for (const auto& [name, value] : entry.items()) {
        if (!value.is_string()) return malformed("__metadata__ entry '" + name + "' is not a string");
        result.metadata.emplace(name, value.get_ref<const std::string&>());
      }
      continue;
    }
    auto view = parse_tensor(key, entry, data, placed);
    if (!view) return std::move(view).error();
    result.tensors.emplace(key, std::move(view).value());
  }
  if (auto status = check_fully_indexed(placed, data.size()); !status) return std::move(status).error();
  return result;
}

std::vector<std::byte> write_safetensors(const std::map<std::string, std::string, std::less<>>& metadata,
                                         std::span<const NamedTensor> tensors) {
  nlohmann::ordered_json header;
  header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, view] : tensors) {
    header[name] = {{"dtype", tensor_type_name(view.type)},
                    {"shape", view.shape},
                    {"data_offsets", {offset, offset + view.bytes.size()}}};
    offset += view.bytes.size();
  }
  std::string text = header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  const std::size_t unpadded = size_field_bytes + text.size();
  text.append((data_alignment - unpadded % data_alignment) % data_alignment, ' ');

  std::vector<std::byte> file(size_field_bytes);
  file.reserve(size_field_bytes + text.size() + static_cast<std::size_t>(offset));
  store_le<std::uint64_t>(file.data(), text.size());
  const auto* text_bytes = reinterpret_cast<const std::byte*>(text.data());
  file.insert(file.end(), text_bytes, text_bytes + text.size());
  for (const auto& tensor : tensors) file.insert(file.end(), tensor.view.bytes.begin(), tensor.view.bytes.end());
  return file;
}

}  // namespace sotto
