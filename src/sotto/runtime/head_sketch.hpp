// A sketch of a head. With it a session finds the best items of a large catalogue without scoring all of them. It has
// the head's rows in 4 bits along their principal axes, in an order in which neighbors share tight bounds. Rankings do
// not depend on it (docs/numbers.md).
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/numeric/kernels.hpp>
#include <sotto/runtime/packed_head.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sotto {

// The bounds are valid for heads up to this width.
inline constexpr std::size_t max_sketch_dim = 128;

// A place is a row of the sketch. The sketch keeps the items in an order of its own.
class HeadSketch {
 public:
  static constexpr std::size_t block_rows = 64;  // places that share their bounds
  static constexpr float zero_level = 7.5F;  // levels are -7.5, -6.5, … 7.5, stored as 0 … 15

  // Maxima over the rows of a block. Lengths are in logits for a unit of the head's input. `first` and `all` name the
  // axes over which a length is taken.
  struct Block {
    std::int32_t bias;  // Q15.16
    float length;  // length of the row
    float tail;  // length along the axes that are read second
    float error_first, error_all;  // length of the difference between the row and its levels
    float levels_first, levels_all;  // length of the levels, without a unit
  };

  // Returns null if the head is too wide, or if its rows do not allow safe bounds. For a million rows of 64 values,
  // this takes about a second and dim / 2 + 5 bytes for each row.
  [[nodiscard]] static std::unique_ptr<HeadSketch> of(const PackedHead& head, std::size_t items, std::size_t dim,
                                                      const Kernels& kernels);

  [[nodiscard]] std::size_t dim() const noexcept { return dim_; }
  // The number of axes with their padding: dim, rounded up to whole tiles in both halves. Padding levels have no
  // effect.
  [[nodiscard]] std::size_t axes() const noexcept { return 4 * half_bytes_; }
  // Returns component c of axis a. Legal: a < dim.
  [[nodiscard]] float axis(std::size_t a, std::size_t c) const noexcept { return axes_[a * axis_stride_ + c]; }
  // The size of a level along an axis.
  [[nodiscard]] float step(std::size_t a) const noexcept { return step_[a]; }

  [[nodiscard]] std::span<const Block> blocks() const noexcept { return blocks_; }
  [[nodiscard]] std::span<const ItemIndex> items() const noexcept { return item_; }  // [places]
  // The bytes of a place in either half. A byte holds two levels as in KernelMatrixS4, with the half's axes in order.
  // Both halves have whole blocks of places.
  [[nodiscard]] std::size_t half_bytes() const noexcept { return half_bytes_; }
  [[nodiscard]] const std::uint8_t* first(std::size_t place) const noexcept {
    return first_.data() + place * half_bytes_;
  }
  [[nodiscard]] const std::uint8_t* second(std::size_t place) const noexcept {
    return second_.data() + place * half_bytes_;
  }

  [[nodiscard]] std::size_t bytes() const noexcept {
    return first_.size() + second_.size() + item_.size() * sizeof(ItemIndex) + blocks_.size() * sizeof(Block);
  }

 private:
  class Rows;
  HeadSketch(std::size_t items, std::size_t dim);
  [[nodiscard]] bool find_axes(Rows& rows);
  void order(Rows& rows, const PackedHead& head);
  void fill(Rows& rows, const PackedHead& head);

  std::size_t dim_;
  std::size_t axis_stride_;
  std::size_t half_bytes_;
  AlignedBuffer<float> axes_;  // [dim × axis_stride]
  std::vector<float> step_;  // [dim]
  std::vector<ItemIndex> item_;
  std::vector<Block> blocks_;
  AlignedBuffer<std::uint8_t> first_, second_;  // [places in whole blocks × half_bytes]
};

}  // namespace sotto
