// The arm "central": all choices are collected in the clear, and the network's head (all rows and biases) is trained on
// them. After each round one pass of softmax cross-entropy is taken over the round's choices and as many earlier ones,
// drawn at random. The addition that was learned goes to the personal scores, like that of federated_head.hpp. The rest
// of the network stays.
#pragma once

#include <sotto/simulate/adaptive_step.hpp>
#include <sotto/simulate/head_rows.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::simulate {

// The rates were chosen on the warm-up rounds of movietweetings-100k (docs/simulate.md).
inline constexpr AdaptiveStep central_row_step{.rate = 0.03F, .adaptivity = 0.01F};
inline constexpr AdaptiveStep central_bias_step{.rate = 0.3F, .adaptivity = 0.01F};

// Choices and the head inputs before them.
class Choices {
 public:
  explicit Choices(std::size_t hidden_dim) : hidden_dim_(hidden_dim) {}

  void add(std::span<const std::int16_t> head_input, ItemIndex item) {
    inputs_.insert(inputs_.end(), head_input.begin(), head_input.end());
    items_.push_back(item);
  }
  void add(const Choices& others) {
    inputs_.insert(inputs_.end(), others.inputs_.begin(), others.inputs_.end());
    items_.insert(items_.end(), others.items_.begin(), others.items_.end());
  }
  void clear() noexcept {
    inputs_.clear();
    items_.clear();
  }

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] ItemIndex item(std::size_t choice) const noexcept { return items_[choice]; }
  [[nodiscard]] std::span<const std::int16_t> head_input(std::size_t choice) const noexcept {
    return std::span(inputs_).subspan(choice * hidden_dim_, hidden_dim_);
  }

 private:
  std::size_t hidden_dim_;
  std::vector<std::int16_t> inputs_;  // [size() × H]
  std::vector<ItemIndex> items_;
};

class CentralHead {
 public:
  // `base` must outlive the head. seed: of the draws of earlier choices.
  CentralHead(HeadRows& base, std::size_t hidden_dim, std::uint64_t seed);

  // Writes the addition to each item's log-odds, [items], at a head input [stride].
  void additions(const Kernels& kernels, std::span<const float> u, std::span<float> out) noexcept {
    multiply(kernels, addition_, u, out);
  }
  // Trains. choices: all so far; those from `round_begins` on are new. The result does not depend on the threads.
  void finish_round(const Kernels& kernels, const Choices& choices, std::size_t round_begins, train::ThreadPool& pool);

 private:
  void train_on(const Kernels& kernels, const Choices& choices, std::span<const std::size_t> batch,
                train::ThreadPool& pool);

  HeadRows* base_;
  HeadRows addition_;
  std::vector<float> row_squares_;
  std::vector<float> bias_squares_;
  std::uint64_t seed_;
  std::size_t padded_items_;
  AlignedBuffer<float> inputs_;  // [batch × stride]
  AlignedBuffer<float> errors_;  // [batch × padded items]
  AlignedBuffer<float> more_;  // [batch × padded items]: scratch
};

}  // namespace sotto::simulate
