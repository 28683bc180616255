// What lets a session find the best of a large catalogue without scoring all of it: the head's rows in 4 bits along
// their principal axes, in an order in which neighbours share tight bounds. Ranks never depend on it (docs/numbers.md).
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

// The widest head that the bounds hold for.
inline constexpr std::size_t max_sketch_dim = 128;

// A place is a row of the sketch; the items stand there in an order of its own.
class HeadSketch {
 public:
  static constexpr std::size_t block_rows = 64;  // places that share their bounds
  static constexpr float zero_level = 7.5F;  // levels are -7.5, -6.5, … 7.5, stored as 0 … 15

  // Over the rows of a block, for the axes that are read first or for all: the largest …
  struct Block {
    std::int32_t bias;  // Q15.16
    float length;  // … length of the row, in logits for a unit of the head's input,
    float tail;  // of what lies along the axes that are read second,
    float error_first, error_all;  // of what the levels leave out,
    float levels_first, levels_all;  // of the levels, which have no unit.
  };

  // None where the head is too wide or its rows are such that the bounds could not be vouched for. Takes a second or so
  // for a million rows of 64, and dim / 2 + 5 bytes for each.
  [[nodiscard]] static std::unique_ptr<HeadSketch> of(const PackedHead& head, std::size_t items, std::size_t dim,
                                                      const Kernels& kernels);

  [[nodiscard]] std::size_t dim() const noexcept { return dim_; }
  // Axes with their padding, whose levels do not matter: dim in whole tiles of both halves.
  [[nodiscard]] std::size_t axes() const noexcept { return 4 * half_bytes_; }
  // Component c of an axis < dim.
  [[nodiscard]] float axis(std::size_t a, std::size_t c) const noexcept { return axes_[a * axis_stride_ + c]; }
  // What a level is worth along an axis.
  [[nodiscard]] float step(std::size_t a) const noexcept { return step_[a]; }

  [[nodiscard]] std::span<const Block> blocks() const noexcept { return blocks_; }
  [[nodiscard]] std::span<const ItemIndex> items() const noexcept { return item_; }  // [places]
  // Bytes of a place in either half: two levels in a byte as in KernelMatrixS4, the half's axes in order. Whole blocks.
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
