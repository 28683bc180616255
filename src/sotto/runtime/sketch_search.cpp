#include <sotto/numeric/formats.hpp>
#include <sotto/runtime/sketch_search.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace sotto {
namespace {

constexpr double largest_input = 127;  // max of the rounded input
// The max effect on u · row of all rounding of a row and of its coordinates, for a unit of both lengths
// (docs/numbers.md).
constexpr double coordinate_slack = 0x1p-12;
// The rounding of the score itself, and of the bounds in double.
constexpr double score_slack = 2 * double{score_unit};
// Scoring 1 / max_scored_share of the catalogue row by row takes as long as one pass over all of it.
constexpr std::size_t max_scored_share = 8;

}  // namespace

SketchSearch::SketchSearch(const HeadSketch& sketch, const PackedHead& head, const Kernels& kernels)
    : sketch_(&sketch),
      head_(&head),
      kernels_(&kernels),
      first_input_(sketch.axes() / 2),
      whole_input_(sketch.axes()),
      waiting_rows_(max_waiting * 2 * sketch.half_bytes()),
      rows_(head, max_gathered) {}

void SketchSearch::set_input(const std::uint8_t* input_u7, int down) noexcept {
  input_u7_ = input_u7;
  down_ = down;
  const double input_unit = std::ldexp(1.0, head_multiplier_bits - score_bits - down);
  double largest = 0;
  for (std::size_t a = 0; a < sketch_->dim(); ++a) {
    double along = 0;
    for (std::size_t c = 0; c < sketch_->dim(); ++c) {
      along += double{sketch_->axis(a, c)} * (input_u7[c] - activation_zero_point);
    }
    input_axes_[a] = along * input_unit;
    along_axes_[a] = input_axes_[a] * double{sketch_->step(a)};
    largest = std::max(largest, std::abs(along_axes_[a]));
  }
  unit_ = largest > 0 ? largest / largest_input : 1;
  const std::size_t quarter = sketch_->half_bytes();
  std::ranges::fill(whole_input_.span(), std::int8_t{0});
  for (std::size_t a = 0; a < sketch_->dim(); ++a) {
    const auto rounded = static_cast<std::int8_t>(std::floor(along_axes_[a] / unit_ + 0.5));
    // Both halves of a byte hold axes of one half, so the two middle quarters are swapped.
    const std::size_t at = a / quarter == 1 ? a + quarter : a / quarter == 2 ? a - quarter : a;
    whole_input_[at] = rounded;
    if (a < 2 * quarter) first_input_[a] = rounded;
  }
  const std::size_t first_axes = std::min(sketch_->dim(), 2 * quarter);
  first_ = query_of(0, first_axes);
  second_ = query_of(first_axes, sketch_->dim());
  whole_ = query_of(0, sketch_->dim());
}

SketchSearch::Query SketchSearch::query_of(std::size_t begin, std::size_t end) const noexcept {
  double length = 0, lost = 0, sum = 0, levels = 0;
  for (std::size_t a = begin; a < end; ++a) {
    const double rounded = std::floor(along_axes_[a] / unit_ + 0.5);
    const double rest = along_axes_[a] - unit_ * rounded;
    length += input_axes_[a] * input_axes_[a];
    levels += along_axes_[a] * along_axes_[a];
    lost += rest * rest;
    sum += rounded;
  }
  return {std::sqrt(length), std::sqrt(lost), sum, std::sqrt(levels)};
}

// A row does not reach `needed` along the query's axes if its product is not above the limit. levels: the row's max
// length in levels.
std::int32_t SketchSearch::limit(double needed, const Query& query, double levels) const noexcept {
  constexpr double bound = 1 << 24;  // bound of the products
  const double product = (needed - query.lost * levels) / unit_ + double{HeadSketch::zero_level} * query.sum;
  return static_cast<std::int32_t>(std::floor(std::clamp(product, -bound, bound))) - 1;
}

void SketchSearch::scores(std::span<const ItemIndex> items, std::int32_t* out) noexcept {
  for (std::size_t at = 0; at < items.size(); at += max_gathered) {
    const auto part = items.subspan(at, std::min(max_gathered, items.size() - at));
    head_->scores_of(*kernels_, part, input_u7_, down_, rows_, gathered_scores_.data());
    for (std::size_t i = 0; i < part.size(); ++i) out[part[i]] = gathered_scores_[i];
  }
}

bool SketchSearch::insert_best(std::span<const std::uint8_t> excluded, std::span<const std::uint8_t> allowed,
                               TopK& top) noexcept {
  excluded_ = excluded;
  allowed_ = allowed;
  scored_ = 0;
  lowest_limit_ = std::numeric_limits<std::int32_t>::max();
  const std::size_t items = sketch_->items().size();
  for (std::size_t b = 0; b < sketch_->blocks().size(); ++b) {
    const HeadSketch::Block& block = sketch_->blocks()[b];
    const auto begin = static_cast<std::uint32_t>(b * HeadSketch::block_rows);
    const std::size_t count = std::min(HeadSketch::block_rows, items - begin);
    std::int32_t first_limit = std::numeric_limits<std::int32_t>::min();
    std::int32_t whole_limit = first_limit;
    // Every row counts until there are enough. Every row also counts if the worst kept item has the lowest possible
    // score, because the sum of a logit and a bias may be saturated to it.
    const bool bounded = top.is_full() && top.worst().score > std::numeric_limits<std::int32_t>::min();
    if (bounded) {
      const double missing = (double{static_cast<double>(top.worst().score)} - block.bias) * double{score_unit} -
                             score_slack - coordinate_slack * whole_.length * double{block.length};
      const double needed = missing - second_.length * double{block.tail} - first_.length * double{block.error_first};
      if (first_.largest * double{block.levels_first} < needed) continue;
      first_limit = limit(needed, first_, block.levels_first);
      whole_limit = limit(missing - whole_.length * double{block.error_all}, whole_, block.levels_all);
    }
    const std::size_t above =
        kernels_->rows_above_u4(sketch_->first(begin), HeadSketch::block_rows, sketch_->half_bytes(),
                                first_input_.data(), first_limit, above_.data());
    lowest_limit_ = std::min(lowest_limit_, whole_limit);
    for (std::size_t i = 0; i < above && above_[i].row < count; ++i) {
      const std::uint32_t place = begin + above_[i].row;
      __builtin_prefetch(sketch_->second(place));
      waiting_[waiting_count_++] = {place, whole_limit};
    }
    if (!bounded || waiting_count_ + HeadSketch::block_rows > max_waiting) rule_out_waiting(top);
    if (scored_ > items / max_scored_share) break;
  }
  rule_out_waiting(top);
  score_left(top);
  return scored_ <= items / max_scored_share;
}

void SketchSearch::rule_out_waiting(TopK& top) noexcept {
  const std::size_t half = sketch_->half_bytes();
  const auto copy = [&](const std::uint8_t* from, std::uint8_t* to) {
    for (std::size_t b = 0; b < half; b += column_tile) std::memcpy(to + b, from + b, column_tile);
  };
  for (std::size_t w = 0; w < waiting_count_; ++w) {
    std::uint8_t* row = waiting_rows_.data() + w * 2 * half;
    copy(sketch_->first(waiting_[w].place), row);
    copy(sketch_->second(waiting_[w].place), row + half);
  }
  const std::size_t above = kernels_->rows_above_u4(waiting_rows_.data(), round_up(waiting_count_, column_tile),
                                                    2 * half, whole_input_.data(), lowest_limit_, above_.data());
  for (std::size_t i = 0; i < above && above_[i].row < waiting_count_; ++i) {
    const Waiting& waiting = waiting_[above_[i].row];
    if (above_[i].product <= waiting.limit) continue;
    const ItemIndex item = sketch_->items()[waiting.place];
    if (excluded_[item] != 0 || (!allowed_.empty() && allowed_[item] == 0)) continue;
    head_->prefetch(item);
    left_[left_count_++] = item;
    if (left_count_ == max_gathered) score_left(top);
  }
  waiting_count_ = 0;
  lowest_limit_ = std::numeric_limits<std::int32_t>::max();
  if (!top.is_full()) score_left(top);
}

void SketchSearch::score_left(TopK& top) noexcept {
  const auto left = std::span(left_).first(left_count_);
  head_->scores_of(*kernels_, left, input_u7_, down_, rows_, gathered_scores_.data());
  for (std::size_t i = 0; i < left.size(); ++i) {
    const ScoredItem candidate{left[i], gathered_scores_[i]};
    if (top.keeps(candidate)) top.insert(candidate);
  }
  scored_ += left_count_;
  left_count_ = 0;
}

}  // namespace sotto
