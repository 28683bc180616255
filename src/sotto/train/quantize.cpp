#include <sotto/runtime/float_session.hpp>
#include <sotto/train/quantize.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sotto::train {
namespace {

constexpr double weight_max = 127;  // int8, symmetric: -128 is not used
// The number of scales that are tried for a row of 4-bit weights. They range from 2/5 of the scale that clips nothing
// to all of it.
constexpr int s4_scales = 61;
constexpr double s4_min_share = 0.4;
constexpr float min_peak = 1e-6F;  // rows of zeros get this range instead of none

struct LayerRange {
  float hidden_peak = 0;
  float cell_peak = 0;
};

float peak_of(std::span<const float> values) noexcept {
  float peak = 0;
  for (const float v : values) peak = std::max(peak, std::abs(v));
  return peak;
}

std::vector<LayerRange> calibrate(const FloatWeights& weights, std::span<const std::span<const ItemIndex>> sequences) {
  std::vector<LayerRange> ranges(weights.lstm.size());
  FloatSession session(weights);
  for (const auto& sequence : sequences) {
    session.reset();
    for (const ItemIndex item : sequence) {
      session.observe(item);
      for (std::size_t l = 0; l < ranges.size(); ++l) {
        ranges[l].hidden_peak = std::max(ranges[l].hidden_peak, peak_of(session.hidden(l)));
        ranges[l].cell_peak = std::max(ranges[l].cell_peak, peak_of(session.cell(l)));
      }
    }
  }
  return ranges;
}

// Keeps the first value that does not fit its integer.
class Rounder {
 public:
  std::int32_t to_s32(double value, const std::string& what) {
    const double rounded = std::nearbyint(value);
    if (!(rounded >= std::numeric_limits<std::int32_t>::min() && rounded <= std::numeric_limits<std::int32_t>::max())) {
      if (!error_) error_ = Error{ErrorCode::out_of_range, what + " is too large for its fixed-point format"};
      return 0;
    }
    return static_cast<std::int32_t>(rounded);
  }
  std::int32_t to_multiplier(double value, const std::string& what) { return std::max(to_s32(value, what), 1); }
  [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

 private:
  std::optional<Error> error_;
};

struct QuantizedRows {
  std::vector<std::int8_t> values;
  std::vector<double> scale;  // [rows]: float weight = value · scale
};

QuantizedRows quantize_rows(const MatrixF32& matrix) {
  QuantizedRows rows;
  rows.values.reserve(matrix.values.size());
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    const double scale = double{std::max(peak_of(matrix.row(r)), min_peak)} / weight_max;
    for (const float w : matrix.row(r))
      rows.values.push_back(static_cast<std::int8_t>(std::nearbyint(double{w} / scale)));
    rows.scale.push_back(scale);
  }
  return rows;
}

double nearest_s4(double value) noexcept {
  return std::clamp<double>(std::nearbyint(value), weight_s4_min, weight_s4_max);
}

// With 15 steps, a few large weights reduce the precision of all others. Clipping them often loses less.
double scale_of_least_squares(std::span<const float> row) noexcept {
  const double whole = static_cast<double>(std::max(peak_of(row), min_peak)) / weight_s4_max;
  double best = whole;
  double min_error = std::numeric_limits<double>::infinity();
  for (int i = 0; i < s4_scales; ++i) {
    const double scale = whole * (s4_min_share + (1 - s4_min_share) * i / (s4_scales - 1));
    double error = 0;
    for (const float value : row) {
      const auto w = static_cast<double>(value);
      error += std::pow(w - scale * nearest_s4(w / scale), 2);
    }
    if (error >= min_error) continue;
    min_error = error;
    best = scale;
  }
  return best;
}

struct QuantizedRowsS4 {
  MatrixS4 weights;
  std::vector<double> scale;  // [rows]
};

QuantizedRowsS4 quantize_rows_s4(const MatrixF32& matrix) {
  QuantizedRowsS4 rows{MatrixS4(matrix.rows, matrix.cols), {}};
  for (std::uint32_t r = 0; r < matrix.rows; ++r) {
    const auto row = matrix.row(r);
    const double scale = rows.scale.emplace_back(scale_of_least_squares(row));
    for (std::uint32_t c = 0; c < matrix.cols; ++c) {
      rows.weights.set(r, c, static_cast<std::int32_t>(nearest_s4(static_cast<double>(row[c]) / scale)));
    }
  }
  return rows;
}

// Returns a matrix whose rows convert accumulators of `input_scale` activations to Q3.12.
MatrixS8 quantize_matrix(const MatrixF32& matrix, double input_scale, const std::string& name, Rounder& rounder) {
  MatrixS8 result(matrix.rows, matrix.cols);
  auto rows = quantize_rows(matrix);
  result.values = std::move(rows.values);
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    result.multiplier[r] =
        rounder.to_multiplier(std::ldexp(rows.scale[r] * input_scale, gate_bits + gate_multiplier_bits),
                              "row " + std::to_string(r) + " of '" + name + "'");
  }
  return result;
}

// Returns the cell format with the max number of fractional bits whose range holds twice the peak of calibration.
std::int32_t cell_bits_for(float cell_peak) noexcept {
  std::int32_t bits = 15;
  while (bits > 1 && std::ldexp(2.0 * double{cell_peak}, bits) > std::numeric_limits<std::int16_t>::max()) --bits;
  return bits;
}

}  // namespace

Status check_head_bits(HeadKind head, int head_bits) {
  if (head_bits == 8 || (head_bits == 4 && head == HeadKind::softmax)) return Ok{};
  return Error{ErrorCode::invalid_argument,
               head == HeadKind::binary && head_bits == 4
                   ? "a binary head has one row of weights: nothing is gained by 4 bits, and its kernels take 8"
                   : "weights of the head have 8 bits or 4, not " + std::to_string(head_bits)};
}

Result<FixedModel> quantize(const FloatModel& model, std::span<const std::span<const ItemIndex>> calibration_sequences,
                            int head_bits) {
  if (auto possible = check_head_bits(model.info.architecture.head, head_bits); !possible)
    return std::move(possible).error();
  const FloatWeights& from = model.weights;
  const Architecture& a = model.info.architecture;
  const auto ranges = calibrate(from, calibration_sequences);
  if (std::ranges::none_of(ranges, [](const LayerRange& range) { return range.hidden_peak > 0; })) {
    return Error{ErrorCode::invalid_argument, "calibration needs at least one event"};
  }

  FixedModel result;
  result.info = model.info;
  FixedWeights& to = result.weights;
  Rounder rounder;

  // A float activation is its 7-bit integer times its scale.
  const double embedding_scale = double{std::max(peak_of(from.embedding.values), min_peak)} / activation_max;
  std::vector<double> embedding_row_scale;
  if (head_bits == 4 && a.tied_head) {
    auto rows = quantize_rows_s4(from.embedding);
    to.head_s4 = std::move(rows.weights);
    embedding_row_scale = std::move(rows.scale);
  } else {
    auto rows = quantize_rows(from.embedding);
    to.embedding.values = std::move(rows.values);
    embedding_row_scale = std::move(rows.scale);
  }
  to.embedding.rows = a.items;
  to.embedding.cols = a.embedding_dim;
  for (std::size_t i = 0; i < a.items; ++i) {
    to.embedding.multiplier.push_back(
        rounder.to_multiplier(std::ldexp(embedding_row_scale[i] / embedding_scale, activation_multiplier_bits),
                              "row " + std::to_string(i) + " of 'embedding.weight'"));
  }

  double input_scale = embedding_scale;
  for (std::size_t l = 0; l < from.lstm.size(); ++l) {
    const LstmWeightsF32& layer = from.lstm[l];
    const std::string name = "lstm." + std::to_string(l) + ".";
    const double hidden_scale = double{std::max(ranges[l].hidden_peak, min_peak)} / activation_max;
    LstmWeightsS8& out = to.lstm.emplace_back();
    out.input_weights = quantize_matrix(layer.input_weights, input_scale, name + "input.weight", rounder);
    out.hidden_weights = quantize_matrix(layer.hidden_weights, hidden_scale, name + "hidden.weight", rounder);
    for (const float b : layer.bias)
      out.bias.push_back(rounder.to_s32(std::ldexp(double{b}, gate_bias_bits), name + "bias"));
    out.hidden_multiplier = rounder.to_multiplier(
        std::ldexp(1.0 / hidden_scale, activation_multiplier_bits - unit_bits), name + "hidden range");
    out.cell_bits = cell_bits_for(ranges[l].cell_peak);
    input_scale = hidden_scale;
  }
  if (a.skip_connection) to.skip = quantize_matrix(from.skip, embedding_scale, "skip.weight", rounder);

  std::vector<double> head_row_scale = embedding_row_scale;
  if (!a.tied_head && head_bits == 4) {
    auto rows = quantize_rows_s4(from.head);
    to.head_s4 = std::move(rows.weights);
    head_row_scale = std::move(rows.scale);
  } else if (!a.tied_head) {
    auto rows = quantize_rows(from.head);
    to.head = std::move(rows.values);
    head_row_scale = std::move(rows.scale);
  }
  for (std::size_t i = 0; i < a.head_rows(); ++i) {
    to.head_multiplier.push_back(rounder.to_multiplier(std::ldexp(head_row_scale[i], head_multiplier_bits),
                                                       "row " + std::to_string(i) + " of the head"));
    to.head_bias.push_back(rounder.to_s32(std::ldexp(double{from.head_bias[i]}, score_bits), "head.bias"));
  }
  to.history = from.history;
  to.memory = from.memory;
  to.counts = from.counts;
  if (rounder.error()) return *rounder.error();
  return result;
}

}  // namespace sotto::train
