#include <sotto/convert/imported_model.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

namespace sotto::convert {
namespace {

Error wrong_shape(std::string detail) { return {ErrorCode::wrong_shape, std::move(detail)}; }

void remove_row_0(MatrixF32& matrix) {
  matrix.values.erase(matrix.values.begin(), matrix.values.begin() + matrix.cols);
  --matrix.rows;
}

// Checks one matrix or vector. Returns nothing if it is valid.
std::optional<Error> check(const std::string& name, const MatrixF32& matrix, std::uint64_t rows, std::uint64_t cols) {
  if (matrix.rows != rows || matrix.cols != cols) {
    return wrong_shape(fmt::format("{} is {} × {}, expected {} × {}", name, matrix.rows, matrix.cols, rows, cols));
  }
  const auto bad = std::ranges::find_if_not(matrix.values, [](float v) { return std::isfinite(v); });
  if (bad == matrix.values.end()) return std::nullopt;
  const auto index = static_cast<std::uint64_t>(bad - matrix.values.begin());
  return Error{ErrorCode::out_of_range, fmt::format("{} has {} at row {}, column {}; weights must be finite numbers",
                                                    name, *bad, index / cols, index % cols)};
}

std::optional<Error> check(const std::string& name, std::span<const float> values, std::uint64_t size) {
  if (values.size() != size) {
    return wrong_shape(fmt::format("{} has {} values, expected {}", name, values.size(), size));
  }
  const auto bad = std::ranges::find_if_not(values, [](float v) { return std::isfinite(v); });
  if (bad == values.end()) return std::nullopt;
  return Error{ErrorCode::out_of_range,
               fmt::format("{} has {} at index {}; weights must be finite numbers", name, *bad, bad - values.begin())};
}

std::optional<Error> check_bounds(const Architecture& a) {
  const auto outside = [](const char* what, std::uint64_t value, std::uint64_t max) -> std::optional<Error> {
    if (value >= 1 && value <= max) return std::nullopt;
    return Error{ErrorCode::out_of_range, fmt::format("{} is {}, expected 1 … {}", what, value, max)};
  };
  if (auto error = outside("the number of items", a.items, max_items)) return error;
  if (auto error = outside("the embedding's dimension", a.embedding_dim, max_dim)) return error;
  if (auto error = outside("the LSTM's hidden size", a.hidden_dim, max_dim)) return error;
  return outside("the number of LSTM layers", a.layers, max_layers);
}

std::optional<Error> check_weights(const Architecture& a, const FloatWeights& w) {
  if (auto error = check("the embedding", w.embedding, a.items, a.embedding_dim)) return error;
  const std::uint64_t gate_rows = std::uint64_t{4} * a.hidden_dim;
  for (std::uint32_t l = 0; l < a.layers; ++l) {
    const LstmWeightsF32& layer = w.lstm[l];
    const std::string name = fmt::format("LSTM layer {}: ", l);
    if (auto error = check(name + "input weights", layer.input_weights, gate_rows, a.layer_input_dim(l))) return error;
    if (auto error = check(name + "hidden weights", layer.hidden_weights, gate_rows, a.hidden_dim)) return error;
    if (auto error = check(name + "bias", std::span(layer.bias), gate_rows)) return error;
  }
  if (!a.tied_head) {
    if (auto error = check("the head", w.head, a.head_rows(), a.hidden_dim)) return error;
  }
  return check("the head's bias", std::span(w.head_bias), a.head_rows());
}

}  // namespace

Result<ImportedModel> assemble(NetworkParts parts) {
  if (parts.lstm.empty()) return Error{ErrorCode::missing, "there is no LSTM layer"};
  ImportedModel imported;
  FloatWeights& w = imported.model.weights;
  w.embedding = std::move(parts.embedding);
  w.lstm = std::move(parts.lstm);
  w.head_kind = parts.head_kind;
  w.head = std::move(parts.head);
  w.head_bias = std::move(parts.head_bias);
  imported.notes = std::move(parts.notes);

  if (parts.padding_row) {
    if (w.embedding.rows < 2) return wrong_shape("the embedding has a row for padding and none for items");
    remove_row_0(w.embedding);
    if (parts.padding_in_head && w.head.rows > 0 && !w.head_bias.empty()) {
      remove_row_0(w.head);
      w.head_bias.erase(w.head_bias.begin());
    }
    imported.padding_rows = 1;
    imported.notes.emplace_back("index 0 is padding, which is no item: it was left out, and index 1 is the first item");
  }

  Architecture& a = imported.model.info.architecture;
  a.items = w.embedding.rows;
  a.embedding_dim = w.embedding.cols;
  a.hidden_dim = w.lstm.front().hidden_weights.cols;
  a.layers = static_cast<std::uint32_t>(w.lstm.size());
  a.head = w.head_kind;
  if (a.head == HeadKind::softmax && w.head.rows == w.embedding.rows && w.head.cols == w.embedding.cols &&
      w.head.values == w.embedding.values) {
    w.head = {};
  }
  a.tied_head = w.head.rows == 0;
  if (a.tied_head && a.embedding_dim != a.hidden_dim) {
    return wrong_shape(fmt::format("the head is tied to the embedding, whose dimension {} is not the hidden size {}",
                                   a.embedding_dim, a.hidden_dim));
  }
  if (auto error = check_bounds(a)) return *std::move(error);
  if (auto error = check_weights(a, w)) return *std::move(error);

  ModelInfo& info = imported.model.info;
  for (std::uint32_t item = 0; item < a.items; ++item) {
    info.catalogue.item_ids.push_back(std::to_string(item + imported.padding_rows));
  }
  info.training.tool = std::move(parts.tool);
  info.training.log.name = "unknown";
  info.training.split.kind = "none";
  info.training.settings = "{}";
  return imported;
}

Status name_items(ImportedModel& imported, std::vector<std::string> item_ids) {
  const std::uint32_t items = imported.model.info.architecture.items;
  if (imported.padding_rows == 1 && item_ids.size() == std::size_t{items} + 1) item_ids.erase(item_ids.begin());
  if (item_ids.size() != items) {
    return Error{ErrorCode::mismatch,
                 fmt::format("{} ids for {} items; there must be one for each row of the embedding, in its order{}",
                             item_ids.size(), items,
                             imported.padding_rows == 1 ? ", with or without one for the padding at index 0" : "")};
  }
  std::unordered_map<std::string_view, std::size_t> first_place;
  for (std::size_t i = 0; i < item_ids.size(); ++i) {
    if (item_ids[i].empty()) return Error{ErrorCode::malformed, fmt::format("id {} is empty", i + 1)};
    const auto [place, is_new] = first_place.emplace(item_ids[i], i);
    if (!is_new) {
      return Error{ErrorCode::malformed, fmt::format("ids {} and {} are both {}; ids must be unique", place->second + 1,
                                                     i + 1, data::in_quotes(item_ids[i]))};
    }
  }
  imported.model.info.catalogue.item_ids = std::move(item_ids);
  return Ok{};
}

}  // namespace sotto::convert
