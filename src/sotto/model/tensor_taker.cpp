#include <sotto/model/internal/tensor_taker.hpp>
#include <sotto/numeric/weights_s4.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace sotto {

const TensorView* TensorTaker::find(const std::string& name, TensorType type, const TensorShape& shape) {
  ++taken_;
  const auto found = file_.tensors.find(name);
  if (found == file_.tensors.end()) {
    fail(ErrorCode::missing, "tensor '" + name + "' is missing");
    return nullptr;
  }
  const TensorView& view = found->second;
  if (view.type != type) {
    fail(ErrorCode::wrong_type, "tensor '" + name + "' has type " + std::string(tensor_type_name(view.type)) +
                                    ", expected " + std::string(tensor_type_name(type)));
    return nullptr;
  }
  if (view.shape != shape) {
    fail(ErrorCode::wrong_shape,
         "tensor '" + name + "' has shape " + to_string(view.shape) + ", expected " + to_string(shape));
    return nullptr;
  }
  return &view;
}

WeightValues TensorTaker::take_weights(const std::string& name, const TensorShape& shape, TensorType type) {
  const TensorView* view = find(name, type, shape);
  if (view == nullptr) return {};
  if (storage_ == WeightStorage::in_file) return WeightValues::in_file(view->bytes);
  WeightValues values(view->bytes.size());
  if (!values.empty()) std::memcpy(&values[0], view->bytes.data(), view->bytes.size());
  return values;
}

std::vector<std::int32_t> TensorTaker::take_multipliers(const std::string& name, std::uint64_t count,
                                                        std::int32_t max) {
  auto values = take<std::int32_t>(name, {count});
  const auto bad = std::ranges::find_if(values, [max](std::int32_t v) { return v < 1 || v > max; });
  if (bad != values.end()) {
    fail(ErrorCode::out_of_range, "tensor '" + name + "' has " + std::to_string(*bad) + " at index " +
                                      std::to_string(bad - values.begin()) + ", expected a multiplier of 1 … " +
                                      std::to_string(max));
  }
  return values;
}

MatrixF32 TensorTaker::take_f32(const std::string& name, std::uint32_t rows, std::uint32_t cols) {
  MatrixF32 matrix;
  matrix.rows = rows;
  matrix.cols = cols;
  matrix.values = take<float>(name, {rows, cols});
  return matrix;
}

MatrixS8 TensorTaker::take_s8(const std::string& prefix, std::uint32_t rows, std::uint32_t cols) {
  MatrixS8 matrix;
  matrix.rows = rows;
  matrix.cols = cols;
  matrix.values = take_weights(prefix + ".weight", {rows, cols});
  matrix.multiplier = take_multipliers(prefix + ".multiplier", rows);
  return matrix;
}

MatrixS4 TensorTaker::take_s4(const std::string& name, std::uint32_t rows, std::uint32_t cols) {
  MatrixS4 matrix;
  matrix.rows = rows;
  matrix.cols = cols;
  matrix.bytes = take_weights(name, {rows, matrix.stride()}, TensorType::u8);
  if (!error_) check_padding(name, matrix);
  return matrix;
}

std::vector<std::uint32_t> TensorTaker::take_sketch() {
  const auto found = file_.tensors.find(sketch_name);
  if (found == file_.tensors.end()) return {};
  if (found->second.shape.size() != 1) {
    fail(ErrorCode::wrong_shape, std::string("tensor '") + sketch_name + "' has shape " +
                                     to_string(found->second.shape) + ", expected one dimension");
    return {};
  }
  auto values = take<std::uint32_t>(sketch_name, found->second.shape);
  if (std::adjacent_find(values.begin(), values.end(), std::greater_equal<>{}) != values.end()) {
    fail(ErrorCode::malformed, std::string("tensor '") + sketch_name + "' is not strictly ascending");
  }
  return values;
}

Catalogue TensorTaker::take_catalogue(std::uint32_t items, const InfoReaders& readers) {
  ++taken_;
  const auto found = file_.tensors.find(catalogue_name);
  if (found == file_.tensors.end() || found->second.type != TensorType::u8) {
    fail(ErrorCode::missing, std::string("tensor '") + catalogue_name + "' of type U8 is missing");
    return {};
  }
  if (readers.catalogue == nullptr || error_) return {};
  const auto bytes = found->second.bytes;
  auto catalogue = readers.catalogue({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, items);
  if (!catalogue) {
    fail(catalogue.error().code, catalogue.error().detail);
    return {};
  }
  return std::move(catalogue).value();
}

std::optional<HistoryTerm> TensorTaker::take_history(const Architecture& architecture) {
  if (!architecture.history_term) return std::nullopt;
  HistoryTerm term;
  fill(history_age_name, term.age);
  fill(history_count_name, term.count);
  fill(history_follow_name, std::span(&term.follow, 1));
  return term;
}

std::optional<MemoryTerm> TensorTaker::take_memory(const Architecture& architecture) {
  if (!architecture.memory_term) return std::nullopt;
  MemoryTerm term;
  fill(memory_temperature_name, std::span(&term.temperature, 1));
  fill(memory_weight_name, term.weight);
  fill(memory_recent_name, term.recent);
  term.direction =
      take<std::int8_t>(memory_direction_name, {adapter_rank_of(architecture.hidden_dim), architecture.hidden_dim});
  if (term.temperature < min_memory_temperature || term.temperature > max_memory_temperature) {
    fail(ErrorCode::out_of_range,
         std::string("tensor '") + memory_temperature_name + "' is " + std::to_string(term.temperature) +
             ", expected " + std::to_string(min_memory_temperature) + " … " + std::to_string(max_memory_temperature));
  }
  return term;
}

std::optional<CountExpert> TensorTaker::take_counts(const Architecture& architecture) {
  if (!architecture.count_expert) return std::nullopt;
  CountExpert expert;
  expert.begin = take<std::uint32_t>(counts_begin_name, {std::uint64_t{architecture.items} + 1});
  const std::uint64_t neighbors = expert.begin.empty() ? 0 : expert.begin.back();
  if (architecture.items <= max_items_of_u16) {
    const auto narrow = take<std::uint16_t>(counts_neighbor_name, {neighbors});
    expert.neighbor.assign(narrow.begin(), narrow.end());
  } else {
    expert.neighbor = take<std::uint32_t>(counts_neighbor_name, {neighbors});
  }
  expert.weight = take<std::uint8_t>(counts_weight_name, {neighbors});
  expert.multiplier = take_multipliers(counts_multiplier_name, architecture.items, max_count_multiplier);
  fill(counts_decay_name, expert.decay);
  fill(counts_curve_name, expert.curve);
  if (!error_) check_counts(expert, architecture.items);
  return expert;
}

std::optional<Error> TensorTaker::finish() {
  if (!error_ && taken_ != file_.tensors.size()) {
    fail(ErrorCode::malformed, "the file has " + std::to_string(file_.tensors.size()) +
                                   " tensors, the architecture uses " + std::to_string(taken_));
  }
  return error_;
}

void TensorTaker::fill(const char* name, std::span<std::int32_t> to) {
  const auto values = take<std::int32_t>(name, {to.size()});
  if (values.size() == to.size()) std::ranges::copy(values, to.begin());
}

void TensorTaker::check_counts(const CountExpert& expert, std::uint32_t items) {
  if (expert.begin.front() != 0 || !std::ranges::is_sorted(expert.begin)) {
    return fail(ErrorCode::malformed,
                std::string("tensor '") + counts_begin_name + "' does not ascend from 0 to the number of neighbours");
  }
  for (std::uint32_t item = 0; item < items; ++item) {
    const auto row =
        std::span(expert.neighbor).subspan(expert.begin[item], expert.begin[item + 1] - expert.begin[item]);
    const bool ascends = std::ranges::adjacent_find(row, std::ranges::greater_equal{}) == row.end();
    if (row.empty() || (ascends && row.back() < items)) continue;
    return fail(ErrorCode::malformed, std::string("tensor '") + counts_neighbor_name + "': the neighbours of item " +
                                          std::to_string(item) + " are not ascending indices below " +
                                          std::to_string(items));
  }
  if (std::ranges::find(expert.weight, 0) != expert.weight.end()) {
    return fail(ErrorCode::out_of_range, std::string("tensor '") + counts_weight_name + "' has a weight of 0");
  }
  for (const std::int32_t decay : expert.decay) {
    if (decay >= 0 && decay <= 1 << count_decay_bits) continue;
    return fail(ErrorCode::out_of_range, std::string("tensor '") + counts_decay_name + "' has " +
                                             std::to_string(decay) + ", expected 0 … 32768");
  }
}

// The kernels also read the bytes behind a row's last column.
void TensorTaker::check_padding(const std::string& name, const MatrixS4& matrix) {
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    for (std::size_t c = matrix.cols; c < 2 * matrix.stride(); ++c) {
      if (weight_s4(matrix.row(r), matrix.stride(), c) == 0) continue;
      return fail(ErrorCode::out_of_range, "tensor '" + name + "' has a weight behind the last column of row " +
                                               std::to_string(r) + ", expected the weight 0 there");
    }
  }
}

void TensorTaker::check_finite(const std::string& name, const std::vector<float>& values) {
  const auto bad = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
  if (bad != values.end()) {
    fail(ErrorCode::out_of_range,
         "tensor '" + name + "' has a value that is not finite at index " + std::to_string(bad - values.begin()));
  }
}

void TensorTaker::fail(ErrorCode code, std::string detail) {
  if (!error_) error_ = Error{code, std::move(detail)};
}

}  // namespace sotto
