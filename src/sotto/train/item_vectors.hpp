// The item vectors that a network reads if they differ from the parameters' embedding. They are sums with the items'
// features (content_embedding.hpp), layer-normalized (layer_norm.hpp), or both, in this order.
#pragma once

#include <sotto/train/content_embedding.hpp>
#include <sotto/train/item_features.hpp>
#include <sotto/train/layout.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sotto::train {

class ItemVectors {
 public:
  // Computes sums if there are features, and normalizes if `layout` has that block. The features must outlive it.
  ItemVectors(const ParameterLayout& layout, const ItemFeatures& features, std::span<const std::uint64_t> item_count,
              double id_dropout, std::uint64_t seed);

  // The vectors follow the parameters. This layout places embedding and tied head there.
  [[nodiscard]] const ParameterLayout& reading_layout() const noexcept { return reading_layout_; }
  // The size of a buffer with the parameters and the vectors, in floats.
  [[nodiscard]] std::size_t buffer_size() const noexcept { return layout_.size + layout_.embedding.size(); }
  [[nodiscard]] const std::optional<ContentEmbedding>& content() const noexcept { return content_; }

  // Writes the vectors of `items` for training step number `step`. If `items` is empty, it writes all vectors.
  void compose_for_step(std::span<float> buffer, std::span<const std::uint32_t> items, std::uint64_t step,
                        ThreadPool& pool);
  // Writes all vectors as a model stores them.
  void compose(std::span<float> buffer, ThreadPool& pool) const;

  // Converts the vectors' gradient, in the embedding's rows of `gradient`, to the gradient of the parameters'
  // embedding, in the same place. It also writes the gradient of the blocks that items share to `shared`, from
  // layout.shared_begin on. It applies to the items of the last compose_for_step() and its parameters.
  void backward(std::span<const float> parameters, const ParameterLayout& layout, std::span<const std::uint32_t> items,
                float* gradient, std::span<float> shared, ThreadPool& pool) const;

 private:
  void copy_own(std::span<float> buffer, std::span<const std::uint32_t> items, ThreadPool& pool) const;
  void normalize_backward(std::span<const float> parameters, const ParameterLayout& layout,
                          std::span<const std::uint32_t> items, float* gradient, std::span<float> shared,
                          ThreadPool& pool) const;

  ParameterLayout layout_;
  ParameterLayout reading_layout_;
  std::optional<ContentEmbedding> content_;
  // For the step's items, with normalization.
  std::vector<float> normalized_;  // [items × D]
  std::vector<float> scale_;  // [items]: 1 / deviation
};

}  // namespace sotto::train
