#include <sotto/train/item_vectors.hpp>

#include <sotto/train/layer_norm.hpp>

#include <algorithm>

namespace sotto::train {
namespace {

// Calls f(row, item) for each of `items`. If there are none, calls it for all `count` items.
template <class F>
void for_each_item(std::span<const std::uint32_t> items, std::size_t count, ThreadPool& pool, const F& f) {
  const std::size_t rows = items.empty() ? count : items.size();
  pool.run((rows + items_per_job - 1) / items_per_job, [&](std::size_t job) {
    const std::size_t end = std::min(rows, (job + 1) * items_per_job);
    for (std::size_t row = job * items_per_job; row < end; ++row) f(row, items.empty() ? row : items[row]);
  });
}

}  // namespace

ItemVectors::ItemVectors(const ParameterLayout& layout, const ItemFeatures& features,
                         std::span<const std::uint64_t> item_count, double id_dropout, std::uint64_t seed)
    : layout_(layout), reading_layout_(layout) {
  reading_layout_.embedding.offset = layout.size;
  if (layout.tied_head) reading_layout_.head.offset = layout.size;
  if (!features.empty()) content_.emplace(layout, features, item_count, id_dropout, seed);
  if (layout.norm_gain.rows == 0) return;
  normalized_.resize(layout.embedding.size());
  scale_.resize(layout.embedding.rows);
}

void ItemVectors::compose_for_step(std::span<float> buffer, std::span<const std::uint32_t> items, std::uint64_t step,
                                   ThreadPool& pool) {
  if (content_) {
    content_->compose_for_step(buffer, items, step, pool);
  } else {
    copy_own(buffer, items, pool);
  }
  if (scale_.empty()) return;
  const std::size_t width = layout_.embedding.cols;
  const float* gain = buffer.data() + layout_.norm_gain.offset;
  const float* bias = buffer.data() + layout_.norm_bias.offset;
  for_each_item(items, layout_.embedding.rows, pool, [&](std::size_t, std::size_t item) {
    scale_[item] =
        layer_norm_forward(gain, bias, width, buffer.data() + reading_layout_.embedding.offset + item * width,
                           normalized_.data() + item * width);
  });
}

void ItemVectors::compose(std::span<float> buffer, ThreadPool& pool) const {
  if (content_) {
    content_->compose(buffer, pool);
  } else {
    copy_own(buffer, {}, pool);
  }
  if (scale_.empty()) return;
  const std::size_t width = layout_.embedding.cols;
  const float* gain = buffer.data() + layout_.norm_gain.offset;
  const float* bias = buffer.data() + layout_.norm_bias.offset;
  for_each_item({}, layout_.embedding.rows, pool, [&](std::size_t, std::size_t item) {
    std::vector<float> normalized(width);
    layer_norm_forward(gain, bias, width, buffer.data() + reading_layout_.embedding.offset + item * width,
                       normalized.data());
  });
}

void ItemVectors::backward(std::span<const float> parameters, const ParameterLayout& layout,
                           std::span<const std::uint32_t> items, float* gradient, std::span<float> shared,
                           ThreadPool& pool) const {
  if (!scale_.empty()) normalize_backward(parameters, layout, items, gradient, shared, pool);
  if (!content_) return;
  const auto of_features = shared.subspan(layout_.content.offset - layout_.shared_begin, layout_.content.size());
  content_->backward(layout, items, gradient, of_features, pool);
}

void ItemVectors::copy_own(std::span<float> buffer, std::span<const std::uint32_t> items, ThreadPool& pool) const {
  const std::size_t width = layout_.embedding.cols;
  for_each_item(items, layout_.embedding.rows, pool, [&](std::size_t, std::size_t item) {
    std::copy_n(buffer.data() + layout_.embedding.offset + item * width, width,
                buffer.data() + reading_layout_.embedding.offset + item * width);
  });
}

void ItemVectors::normalize_backward(std::span<const float> parameters, const ParameterLayout& layout,
                                     std::span<const std::uint32_t> items, float* gradient, std::span<float> shared,
                                     ThreadPool& pool) const {
  const std::size_t width = layout_.embedding.cols;
  float* vectors = gradient + layout.embedding.offset;
  float* d_gain = shared.data() + (layout_.norm_gain.offset - layout_.shared_begin);
  float* d_bias = shared.data() + (layout_.norm_bias.offset - layout_.shared_begin);
  // Each job has a part of every vector's values. Each value's terms are thus added in order, for any number of
  // threads.
  pool.run((width + values_per_job - 1) / values_per_job, [&](std::size_t job) {
    const std::size_t begin = job * values_per_job;
    const std::size_t end = std::min(width, begin + values_per_job);
    std::fill(d_gain + begin, d_gain + end, 0.0F);
    std::fill(d_bias + begin, d_bias + end, 0.0F);
    for (std::size_t row = 0; row < layout.embedding.rows; ++row) {
      const float* normalized = normalized_.data() + (items.empty() ? row : items[row]) * width;
      for (std::size_t i = begin; i < end; ++i) {
        d_gain[i] += vectors[row * width + i] * normalized[i];
        d_bias[i] += vectors[row * width + i];
      }
    }
  });
  for_each_item(items, layout_.embedding.rows, pool, [&](std::size_t row, std::size_t item) {
    layer_norm_backward(parameters.data() + layout_.norm_gain.offset, normalized_.data() + item * width, scale_[item],
                        width, vectors + row * width);
  });
}

}  // namespace sotto::train
