#include <sotto/train/content_embedding.hpp>

#include <sotto/train/seeds.hpp>

#include <algorithm>
#include <limits>

namespace sotto::train {

ContentEmbedding::ContentEmbedding(const ParameterLayout& layout, const ItemFeatures& features,
                                   std::span<const std::uint64_t> item_count, double id_dropout, std::uint64_t seed)
    : features_(features),
      layout_(layout),
      reading_layout_(layout),
      buffer_size_(layout.size + layout.embedding.size()),
      id_dropout_(id_dropout),
      seed_(seed),
      item_count_(item_count.begin(), item_count.end()),
      untouched_(item_count.size()),
      without_own_(item_count.size()) {
  reading_layout_.embedding.offset = layout.size;
  if (layout.tied_head) reading_layout_.head.offset = layout.size;
  for (std::size_t item = 0; item < untouched_.size(); ++item) {
    untouched_[item] = item_count[item] == 0 && features.describes(item) ? 1 : 0;
  }
}

void ContentEmbedding::write_sum(std::span<float> buffer, std::size_t item, bool with_own) const {
  const std::size_t width = layout_.embedding.cols;
  const auto sum = buffer.subspan(reading_layout_.embedding.offset + item * width, width);
  if (with_own) {
    std::ranges::copy(buffer.subspan(layout_.embedding.offset + item * width, width), sum.begin());
  } else {
    std::ranges::fill(sum, 0.0F);
  }
  for (std::uint64_t entry = features_.begin[item]; entry < features_.begin[item + 1]; ++entry) {
    const float value = features_.value[entry];
    const float* vector = buffer.data() + layout_.content.offset + features_.column[entry] * width;
    for (std::size_t i = 0; i < width; ++i) sum[i] += value * vector[i];
  }
}

void ContentEmbedding::compose_for_step(std::span<float> buffer, std::span<const std::uint32_t> items,
                                        std::uint64_t step, ThreadPool& pool) {
  const std::size_t count = items.empty() ? layout_.embedding.rows : items.size();
  const std::uint64_t step_seed = seed_of(seed_, Purpose::id_dropout, step);
  pool.run((count + items_per_job - 1) / items_per_job, [&](std::size_t job) {
    const std::size_t end = std::min(count, (job + 1) * items_per_job);
    for (std::size_t i = job * items_per_job; i < end; ++i) {
      const std::size_t item = items.empty() ? i : items[i];
      const bool dropped =
          features_.describes(item) && static_cast<double>(Random(step_seed ^ item).uniform()) < id_dropout_;
      without_own_[item] = dropped ? 1 : 0;
      write_sum(buffer, item, !dropped);
    }
  });
}

void ContentEmbedding::compose(std::span<float> buffer, ThreadPool& pool) const {
  const std::size_t count = layout_.embedding.rows;
  pool.run((count + items_per_job - 1) / items_per_job, [&](std::size_t job) {
    const std::size_t end = std::min(count, (job + 1) * items_per_job);
    for (std::size_t item = job * items_per_job; item < end; ++item) write_sum(buffer, item, !untouched(item));
  });
}

void ContentEmbedding::backward(const ParameterLayout& layout, std::span<const std::uint32_t> items, float* gradient,
                                std::span<float> content_gradient, ThreadPool& pool) const {
  const std::size_t width = layout_.embedding.cols;
  float* sums = gradient + layout.embedding.offset;
  // Each job has a part of every vector's values. Each value's terms are thus added in order, for any number of
  // threads.
  pool.run((width + values_per_job - 1) / values_per_job, [&](std::size_t job) {
    const std::size_t begin = job * values_per_job;
    const std::size_t end = std::min(width, begin + values_per_job);
    for (std::size_t at = 0; at < content_gradient.size(); at += width) {
      std::fill(content_gradient.data() + at + begin, content_gradient.data() + at + end, 0.0F);
    }
    for (std::size_t row = 0; row < layout.embedding.rows; ++row) {
      const std::size_t item = items.empty() ? row : items[row];
      float* sum = sums + row * width;
      for (std::uint64_t entry = features_.begin[item]; entry < features_.begin[item + 1]; ++entry) {
        const float value = features_.value[entry];
        float* vector = content_gradient.data() + features_.column[entry] * width;
        for (std::size_t i = begin; i < end; ++i) vector[i] += value * sum[i];
      }
      if (without_own_[item] != 0) std::fill(sum + begin, sum + end, 0.0F);
    }
  });
}

void ContentEmbedding::set_untouched_biases(std::span<float> parameters) const {
  if (!layout_.item_head) return;
  std::uint64_t fewest = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t count : item_count_) {
    if (count > 0) fewest = std::min(fewest, count);
  }
  const auto biases = parameters.subspan(layout_.head_bias.offset, layout_.head_bias.size());
  double sum = 0;
  std::size_t items = 0;
  for (std::size_t item = 0; item < biases.size(); ++item) {
    if (item_count_[item] != fewest) continue;
    sum += static_cast<double>(biases[item]);
    ++items;
  }
  const auto bias = static_cast<float>(sum / static_cast<double>(std::max<std::size_t>(items, 1)));
  for (std::size_t item = 0; item < biases.size(); ++item) {
    if (untouched(item)) biases[item] = bias;
  }
}

}  // namespace sotto::train
