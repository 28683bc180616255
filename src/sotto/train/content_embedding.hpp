// Item vectors that know the items' content: an item's vector is a vector of its own, learned from its events, plus the
// weighted mean of the vectors of its features, learned from the events of all items that have them. So an item that
// nobody has touched has a vector too. In training the own vectors of a few items are left out at each step, so that
// the features learn to do without them (DropoutNet: Volkovs et al., 2017).
#pragma once

#include <sotto/train/item_features.hpp>
#include <sotto/train/layout.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::train {

// How passes over the items' vectors are cut into jobs: by items, or by values of every vector. 16 values are a cache
// line, so that no two jobs write to the same one.
inline constexpr std::size_t items_per_job = 256;
inline constexpr std::size_t values_per_job = 16;

// Added to the biases of items without a training event while the model trains: nobody's next item, they would only
// learn to be nobody's, and their features with them.
inline constexpr float untouched_bias = -1e4F;

class ContentEmbedding {
 public:
  // `layout` has the block `content`; its block `embedding` holds the items' own vectors. The features must outlive it.
  ContentEmbedding(const ParameterLayout& layout, const ItemFeatures& features,
                   std::span<const std::uint64_t> item_count, double id_dropout, std::uint64_t seed);

  // The network reads the sums, which lie behind the parameters: in this layout embedding and tied head are there.
  [[nodiscard]] const ParameterLayout& reading_layout() const noexcept { return reading_layout_; }
  // Of a buffer with the parameters and the sums, in floats.
  [[nodiscard]] std::size_t buffer_size() const noexcept { return buffer_size_; }

  // Whether an item is known by its features alone.
  [[nodiscard]] bool untouched(std::size_t item) const noexcept { return untouched_[item] != 0; }

  // Writes the sums of `items`, or of all when there are none, for training step number `step`.
  void compose_for_step(std::span<float> buffer, std::span<const std::uint32_t> items, std::uint64_t step,
                        ThreadPool& pool);
  // Writes all sums as a model has them: of all items with their own vectors, but for untouched ones.
  void compose(std::span<float> buffer, ThreadPool& pool) const;

  // From the sums' gradient, in the embedding's rows of `gradient`, to that of the items' own vectors, in the same
  // place, and of the features'. For the items of the last compose_for_step().
  void backward(const ParameterLayout& layout, std::span<const std::uint32_t> items, float* gradient,
                std::span<float> content_gradient, ThreadPool& pool) const;

  // Gives the untouched items the bias of items with hardly any events.
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
  std::vector<std::uint8_t> without_own_;  // [items]: in this step
};

}  // namespace sotto::train
