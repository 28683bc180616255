// Item vectors that use the items' content. An item's vector is the sum of its own vector and the weighted mean of its
// features' vectors. Its own vector is learned from its events, and each feature's vector from the events of all items
// with that feature. An item without events therefore has a vector, too. In training, each step leaves out the own
// vectors of a few items, so that the features learn to work without them (DropoutNet: Volkovs et al., 2017).
#pragma once

#include <sotto/train/item_features.hpp>
#include <sotto/train/layout.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

// Passes over the items' vectors are divided into jobs by items, or by values of every vector. 16 values fill a cache
// line, so that no two jobs write to the same line.
inline constexpr std::size_t items_per_job = 256;
inline constexpr std::size_t values_per_job = 16;

// This value is added to the biases of items without a training event while the model trains. These items are never the
// next item. Without it, they and their features would only learn this fact.
inline constexpr float untouched_bias = -1e4F;

class ContentEmbedding {
 public:
  // Precondition: `layout` has the block `content`. Its block `embedding` holds the items' own vectors. The features
  // must outlive it.
  ContentEmbedding(const ParameterLayout& layout, const ItemFeatures& features,
                   std::span<const std::uint64_t> item_count, double id_dropout, std::uint64_t seed);

  // The network reads the sums, which follow the parameters. This layout places embedding and tied head there.
  [[nodiscard]] const ParameterLayout& reading_layout() const noexcept { return reading_layout_; }
  // The size of a buffer with the parameters and the sums, in floats.
  [[nodiscard]] std::size_t buffer_size() const noexcept { return buffer_size_; }

  // Tells whether an item has only its features and no own vector.
  [[nodiscard]] bool untouched(std::size_t item) const noexcept { return untouched_[item] != 0; }

  // Writes the sums of `items` for training step number `step`. If `items` is empty, it writes the sums of all items.
  void compose_for_step(std::span<float> buffer, std::span<const std::uint32_t> items, std::uint64_t step,
                        ThreadPool& pool);
  // Writes all sums as a model stores them. Every item has its own vector, except untouched ones.
  void compose(std::span<float> buffer, ThreadPool& pool) const;

  // Reads the sums' gradient in the embedding's rows of `gradient`. Replaces it by the gradient of the items' own
  // vectors and writes that of the features' vectors. It applies to the items of the last compose_for_step().
  void backward(const ParameterLayout& layout, std::span<const std::uint32_t> items, float* gradient,
                std::span<float> content_gradient, ThreadPool& pool) const;

  // Gives the untouched items the bias of items with very few events.
  void set_untouched_biases(std::span<float> parameters) const;

 private:
  void write_sum(std::span<float> buffer, std::size_t item, bool with_own) const;

  const ItemFeatures& features_;
  ParameterLayout layout_;
  ParameterLayout reading_layout_;
  std::size_t buffer_size_;
  double id_dropout_;
  std::uint64_t seed_;
  std::vector<std::uint64_t> item_count_;
  std::vector<std::uint8_t> untouched_;  // [items]
  std::vector<std::uint8_t> without_own_;  // [items]: flags for the current step
};

}  // namespace sotto::train
