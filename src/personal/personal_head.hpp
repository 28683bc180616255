// The personal part of the softmax head: a sparse float32 delta over the model's own rows, logit += delta · u + bias.
// Only rows that learned something exist.
//
// The step is that of softmax cross-entropy, taken where it matters: on the item that came and on those that were
// expected most. Their errors come from the caller. Steps are divided by |u|², so that one learning rate serves every
// model (normalised LMS; Nagumo and Noda 1967), and all rows fall back towards the base by a share at every step, as in
// dynamic evaluation (Krause et al. 2018, arXiv 1709.07432). Deterministic (numeric/float_kernels.hpp).
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/catalogue.hpp>
#include <sotto/numeric/kernels.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

struct HeadError {
  ItemIndex item;
  float error;  // probability - (1 where it came)
};

class PersonalHead {
 public:
  // most_rows: beyond them the row that has waited longest for a step is given up.
  PersonalHead(std::uint32_t items, std::size_t hidden_dim, std::size_t most_rows, const Kernels& kernels);

  // Each row's addition to its item's logit under the head input u, Q3.12 [H]. Valid until the next call.
  [[nodiscard]] std::span<const float> additions(std::span<const std::int16_t> head_input) noexcept;
  // The rows' items, in the order of additions.
  [[nodiscard]] std::span<const ItemIndex> items() const noexcept { return {items_.data(), size_}; }

  // One step under the head input of the latest additions(). Precondition: items are of the catalogue, each at most
  // once.
  void learn(std::span<const HeadError> errors) noexcept;

  void clear() noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t most_rows() const noexcept { return bias_.size(); }
  [[nodiscard]] std::size_t hidden_dim() const noexcept { return hidden_dim_; }

  // For storing: rows in the order of items(), and the step at which each was last touched.
  [[nodiscard]] std::span<const float> row(std::size_t r) const noexcept {
    return {rows_.data() + r * stride_, hidden_dim_};
  }
  [[nodiscard]] float bias(std::size_t r) const noexcept { return bias_[r]; }
  [[nodiscard]] std::uint32_t touched(std::size_t r) const noexcept { return touched_[r]; }
  [[nodiscard]] std::uint32_t steps() const noexcept { return steps_; }
  // Adds a stored row. Precondition: below most_rows, the item has none yet.
  void restore_row(ItemIndex item, std::uint32_t touched, float bias, std::span<const float> row) noexcept;
  void restore_steps(std::uint32_t steps) noexcept { steps_ = steps; }

 private:
  [[nodiscard]] std::size_t row_for(ItemIndex item) noexcept;

  const Kernels* kernels_;
  std::size_t hidden_dim_;
  std::size_t stride_;  // H padded to float_tile
  std::size_t size_ = 0;
  std::uint32_t steps_ = 0;
  AlignedBuffer<float> input_;  // [stride]
  float input_norm_ = 0;  // |u|²
  AlignedBuffer<float> rows_;  // [most rows × stride]
  std::vector<float> bias_;  // [most rows], as all below but place_
  std::vector<float> additions_;
  std::vector<ItemIndex> items_;
  std::vector<std::uint32_t> touched_;
  std::vector<std::uint16_t> place_;  // [items]: 1 + the item's row, 0: none
};

}  // namespace sotto
