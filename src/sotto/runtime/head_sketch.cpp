#include <sotto/numeric/formats.hpp>
#include <sotto/runtime/head_sketch.hpp>
#include <sotto/runtime/internal/principal_axes.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace sotto {
namespace {

constexpr std::size_t sampled_rows = 16'384;  // the axes are computed from at most this many rows
constexpr std::size_t bias_chunks = 128;      // chunks of rows with neighboring biases; each is ordered by tail
constexpr float level_width = 0.4F;           // in standard deviations: 15 levels hold ±3
constexpr float smallest_step = 1e-12F;
// The factor covers the rounding of lengths in float. Axes that differ from orthogonal by more than `max_skew` are not
// used.
constexpr float rounded_up = 1 + 0x1p-12F;
constexpr double max_skew = 0x1p-16;

// A heap sorts the items, as elsewhere in the module that a page downloads. std::sort has ten times the code.
void sort_by(std::span<const float> keys, std::span<ItemIndex> items) {
  const auto before = [&](ItemIndex a, ItemIndex b) { return keys[a] != keys[b] ? keys[a] < keys[b] : a < b; };
  std::make_heap(items.begin(), items.end(), before);
  std::sort_heap(items.begin(), items.end(), before);
}

float squared_length(std::span<const float> values) noexcept {
  float sum = 0;
  for (const float v : values) sum += v * v;
  return sum;
}

}  // namespace

// Gives the head's rows one at a time, in logits for a unit of its input.
class HeadSketch::Rows {
 public:
  Rows(const PackedHead& head, HeadSketch& sketch, const Kernels& kernels)
      : head_(&head),
        sketch_(&sketch),
        kernels_(&kernels),
        row_(sketch.axis_stride_),
        zeros_(sketch.dim_),
        along_axes_(sketch.dim_) {}

  [[nodiscard]] std::span<const float> row(ItemIndex item) {
    const float scale = std::ldexp(static_cast<float>(head_->multiplier(item)), -head_multiplier_bits);
    for (std::size_t c = 0; c < sketch_->dim_; ++c) row_[c] = scale * static_cast<float>(head_->weight(item, c));
    return row_.span().first(sketch_->dim_);
  }

  // The values belong to the last requested row.
  [[nodiscard]] std::span<const float> along_axes() {
    kernels_->dot_rows_f32({sketch_->axes_.data(), sketch_->dim_, sketch_->axis_stride_}, row_.data(), zeros_.data(),
                           along_axes_.data());
    return along_axes_.span();
  }

 private:
  const PackedHead* head_;
  HeadSketch* sketch_;
  const Kernels* kernels_;
  AlignedBuffer<float> row_;
  AlignedBuffer<float> zeros_;
  AlignedBuffer<float> along_axes_;
};

HeadSketch::HeadSketch(std::size_t items, std::size_t dim)
    : dim_(dim),
      axis_stride_(round_up(dim, float_tile)),
      half_bytes_(round_up(dim, 4 * column_tile) / 4),
      axes_(dim * axis_stride_),
      step_(dim),
      item_(items),
      blocks_((items + block_rows - 1) / block_rows),
      first_(blocks_.size() * block_rows * half_bytes_),
      second_(blocks_.size() * block_rows * half_bytes_) {}

std::unique_ptr<HeadSketch> HeadSketch::of(const PackedHead& head, std::size_t items, std::size_t dim,
                                           const Kernels& kernels) {
  if (dim > max_sketch_dim) return {};
  std::unique_ptr<HeadSketch> sketch(new HeadSketch(items, dim));
  Rows rows(head, *sketch, kernels);
  if (!sketch->find_axes(rows)) return {};
  sketch->order(rows, head);
  sketch->fill(rows, head);
  return sketch;
}

bool HeadSketch::find_axes(Rows& rows) {
  std::vector<double> moments(dim_ * dim_);
  const std::size_t apart = std::max<std::size_t>(1, item_.size() / sampled_rows);
  std::size_t count = 0;
  for (std::size_t item = 0; item < item_.size(); item += apart, ++count) {
    const auto row = rows.row(static_cast<ItemIndex>(item));
    for (std::size_t i = 0; i < dim_; ++i) {
      for (std::size_t j = 0; j < dim_; ++j) moments[i * dim_ + j] += double{row[i]} * double{row[j]};
    }
  }
  const PrincipalAxes found = principal_axes(std::move(moments), dim_);
  for (std::size_t a = 0; a < dim_; ++a) {
    for (std::size_t c = 0; c < dim_; ++c) axes_[a * axis_stride_ + c] = static_cast<float>(found.axes[a * dim_ + c]);
    const double variance = std::max(0.0, found.moment[a] / static_cast<double>(count));
    step_[a] = std::max(level_width * static_cast<float>(std::sqrt(variance)), smallest_step);
  }
  // |A Aᵀ - 1|, as the Frobenius norm.
  double skew = 0;
  for (std::size_t a = 0; a < dim_; ++a) {
    for (std::size_t b = 0; b < dim_; ++b) {
      double dot = a == b ? -1 : 0;
      for (std::size_t c = 0; c < dim_; ++c) dot += double{axis(a, c)} * double{axis(b, c)};
      skew += dot * dot;
    }
  }
  return skew <= max_skew * max_skew;
}

// Neighbors have nearly the same bias, and many of them nearly the same tail, so that a block's maxima are tight.
void HeadSketch::order(Rows& rows, const PackedHead& head) {
  std::iota(item_.begin(), item_.end(), ItemIndex{0});
  std::vector<float> keys(item_.size());
  for (const ItemIndex item : item_) keys[item] = -static_cast<float>(head.bias(item));
  sort_by(keys, item_);
  const std::size_t first_axes = std::min(dim_, axes() / 2);
  for (ItemIndex item = 0; item < item_.size(); ++item) {
    static_cast<void>(rows.row(item));
    keys[item] = squared_length(rows.along_axes().subspan(first_axes));
  }
  const std::size_t chunk = std::max<std::size_t>(1, blocks_.size() / bias_chunks) * block_rows;
  for (std::size_t at = 0; at < item_.size(); at += chunk) {
    sort_by(keys, std::span(item_).subspan(at, std::min(chunk, item_.size() - at)));
  }
}

void HeadSketch::fill(Rows& rows, const PackedHead& head) {
  const std::size_t first_axes = std::min(dim_, axes() / 2);
  std::vector<float> level(axes()), error(dim_);
  const auto raise = [](float& largest, float squared) {
    largest = std::max(largest, std::sqrt(squared) * rounded_up);
  };
  for (Block& block : blocks_) block = {std::numeric_limits<std::int32_t>::min(), 0, 0, 0, 0, 0, 0};
  for (std::size_t place = 0; place < item_.size(); ++place) {
    const ItemIndex item = item_[place];
    Block& block = blocks_[place / block_rows];
    block.bias = std::max(block.bias, head.bias(item));
    raise(block.length, squared_length(rows.row(item)));
    const auto along = rows.along_axes();
    for (std::size_t a = 0; a < dim_; ++a) {
      level[a] = std::clamp(std::floor(along[a] / step_[a]) + 0.5F, -zero_level, zero_level);
      error[a] = along[a] - level[a] * step_[a];
    }
    const std::span levels = std::span(level).first(dim_);
    raise(block.tail, squared_length(along.subspan(first_axes)));
    raise(block.error_first, squared_length(std::span(error).first(first_axes)));
    raise(block.error_all, squared_length(error));
    raise(block.levels_first, squared_length(levels.first(first_axes)));
    raise(block.levels_all, squared_length(levels));
    const auto store = [&](std::uint8_t* bytes, std::size_t from) {
      const auto stored = [&](std::size_t a) { return static_cast<int>(level[from + a] + zero_level); };
      for (std::size_t b = 0; b < half_bytes_; ++b) {
        bytes[b] = static_cast<std::uint8_t>(stored(b) | stored(half_bytes_ + b) << 4);
      }
    };
    store(first_.data() + place * half_bytes_, 0);
    store(second_.data() + place * half_bytes_, axes() / 2);
  }
}

}  // namespace sotto
