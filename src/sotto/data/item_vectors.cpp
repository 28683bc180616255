#include <sotto/data/item_vectors.hpp>

#include <sotto/data/files.hpp>
#include <sotto/data/item_rows.hpp>
#include <sotto/data/npy_file.hpp>
#include <sotto/data/text.hpp>
#include <sotto/model/internal/float_values.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sotto::data {
namespace {

// Returns the file's only tensor.
Result<TensorView> only_tensor(std::span<const std::byte> file) {
  if (is_npy(file)) return parse_npy(file);
  auto parsed = parse_safetensors(file);
  if (!parsed) {
    return Error{parsed.error().code, "neither a .npy file nor a safetensors file: " + parsed.error().detail};
  }
  if (parsed->tensors.size() != 1) {
    return Error{ErrorCode::malformed,
                 fmt::format("it has {} tensors, expected one: [rows × dimension]", parsed->tensors.size())};
  }
  return parsed->tensors.begin()->second;
}

Status check_shape(const TensorView& tensor) {
  if (tensor.shape.size() != 2) {
    return Error{ErrorCode::wrong_shape,
                 fmt::format("its array has shape {}, expected [rows × dimension]", to_string(tensor.shape))};
  }
  if (tensor.shape[1] < 1 || tensor.shape[1] > max_item_vector_dimension) {
    return Error{ErrorCode::out_of_range, fmt::format("its vectors have {} numbers, expected 1 … {}", tensor.shape[1],
                                                      max_item_vector_dimension)};
  }
  return Ok{};
}

}  // namespace

Result<ItemVectors> read_item_vectors(const Catalogue& catalogue, const ItemsFile& items_file,
                                      const std::filesystem::path& vectors_file) {
  const auto in_file = [&](const Error& error) {
    return Error{error.code, vectors_file.string() + ": " + error.detail};
  };
  auto bytes = read_file(vectors_file);
  if (!bytes) return std::move(bytes).error();
  const auto tensor = only_tensor(*bytes);
  if (!tensor) return in_file(tensor.error());
  if (const auto status = check_shape(*tensor); !status) return in_file(status.error());
  const auto values = float_values(*tensor);
  if (!values) {
    return in_file({ErrorCode::wrong_type, fmt::format("its array has type {}, expected F16, BF16, F32 or F64",
                                                       tensor_type_name(tensor->type))});
  }
  const std::size_t rows = tensor->shape[0];
  ItemVectors result{.dimension = static_cast<std::size_t>(tensor->shape[1]), .values = {}};
  result.values.resize(catalogue.size() * result.dimension);

  // Items that are not in the catalogue get places behind it, so that every row of the items file is read.
  auto items = ItemRows::open(items_file, {}, catalogue.item_ids, UntouchedItems::include);
  if (!items) return std::move(items).error();
  for (std::size_t row = 0;; ++row) {
    const auto item = items->next();
    if (!item) return item.error();
    if (!*item) {
      if (row == rows) return result;
      return in_file({ErrorCode::mismatch, fmt::format("it has {} rows, and {} has {}; there must be one for each",
                                                       rows, items_file.path.string(), row)});
    }
    if (row >= rows || **item >= catalogue.size()) continue;
    const auto vector = std::span(*values).subspan(row * result.dimension, result.dimension);
    const auto bad = std::ranges::find_if_not(vector, [](float value) { return std::isfinite(value); });
    if (bad != vector.end()) {
      return in_file({ErrorCode::malformed, fmt::format("row {}, number {} is {}; expected a finite number (rows and "
                                                        "numbers counted from 0)",
                                                        row, bad - vector.begin(), *bad)});
    }
    std::ranges::copy(vector, result.values.begin() + static_cast<std::ptrdiff_t>(**item * result.dimension));
    ++result.described;
  }
}

}  // namespace sotto::data
