// Finds the best of a head's rows with its sketch. Upper bounds of the scores rule rows out, first from half of the
// axes, then from all axes. The remaining rows are scored exactly as the whole head scores them.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/runtime/head_sketch.hpp>
#include <sotto/runtime/top_k.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// Scratch of one thread. Allocates at construction only.
class SketchSearch {
 public:
  // Precondition: the sketch belongs to the head. All three must outlive the search.
  SketchSearch(const HeadSketch& sketch, const PackedHead& head, const Kernels& kernels);

  // Sets the input of scores and insert_best, in the form that PackedHead::scores takes. The bytes must stay valid
  // while the input is used.
  void set_input(const std::uint8_t* input_u7, int down) noexcept;

  // Writes the score of each of the items to out[item], as PackedHead::scores gives it.
  void scores(std::span<const ItemIndex> items, std::int32_t* out) noexcept;

  // Offers `top` every item that it would keep and that the masks allow. As in top_k(), items are left out if their
  // `excluded` byte is not 0 or their `allowed` byte is 0. Returns false if so few rows can be ruled out that scoring
  // all of them is faster. The content of `top` is then invalid.
  [[nodiscard]] bool insert_best(std::span<const std::uint8_t> excluded, std::span<const std::uint8_t> allowed,
                                 TopK& top) noexcept;

 private:
  // Facts about the input along half of the axes, or along all of them. Lengths are vector lengths.
  struct Query {
    double length;  // in units of the head's input
    double lost;  // length of the rounding error at `unit_`, in logits for a level
    double sum;  // sum of the rounded values
    double largest;  // in logits for a level
  };
  struct Waiting {
    std::uint32_t place;
    std::int32_t limit;  // limit for the product over all axes
  };

  [[nodiscard]] Query query_of(std::size_t begin, std::size_t end) const noexcept;
  [[nodiscard]] std::int32_t limit(double needed, const Query& query, double levels) const noexcept;
  void rule_out_waiting(TopK& top) noexcept;
  void score_left(TopK& top) noexcept;

  static constexpr std::size_t max_waiting = 256;
  static constexpr std::size_t max_gathered = 64;

  const HeadSketch* sketch_;
  const PackedHead* head_;
  const Kernels* kernels_;
  const std::uint8_t* input_u7_ = nullptr;
  int down_ = 0;

  std::array<double, max_sketch_dim> along_axes_;  // the input, in logits for a level
  std::array<double, max_sketch_dim> input_axes_;  // the input itself
  double unit_ = 1;  // unit of the rounded input, in logits for a level
  AlignedBuffer<std::int8_t> first_input_;  // [axes / 2], in the form that the products take
  AlignedBuffer<std::int8_t> whole_input_;  // [axes]
  Query first_{}, second_{}, whole_{};

  std::span<const std::uint8_t> excluded_, allowed_;
  std::array<RowProduct, max_waiting> above_;  // result of the products: rows of a block or of the waiting list
  std::array<Waiting, max_waiting> waiting_;  // rows that the first half of the axes has not ruled out
  std::size_t waiting_count_ = 0;
  std::int32_t lowest_limit_ = 0;  // lowest limit of the waiting rows
  AlignedBuffer<std::uint8_t> waiting_rows_;  // [max_waiting × both halves]
  std::array<ItemIndex, max_gathered> left_;
  std::size_t left_count_ = 0;
  std::size_t scored_ = 0;
  GatheredRows rows_;
  std::array<std::int32_t, max_gathered> gathered_scores_;
};

}  // namespace sotto
