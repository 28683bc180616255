// What a user's latest events say about all items (model/memory_term.hpp): means over them that fade from event to
// event, as vectors beside what the head multiplies. A mean of the rows of recent items raises items like those,
// whatever the network has made of them.
#pragma once

#include <sotto/model/memory_term.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// A view of what the means carry, which must outlive it.
class RecentMeans {
 public:
  // The carried numbers: the sums of the events' weights, of the short and of the long mean; then the mean of the
  // head's input, of the rows over few events and of those over many, [H] each.
  [[nodiscard]] static constexpr std::size_t size(std::size_t hidden_dim) noexcept {
    return sums + recent_means * hidden_dim;
  }
  // carried: [size(hidden_dim)]. rows_per_unit: divides the head's rows, so that a part has the same size in every
  // model.
  RecentMeans(std::size_t hidden_dim, float rows_per_unit, std::span<float> carried) noexcept
      : hidden_dim_(hidden_dim), rows_per_unit_(rows_per_unit), carried_(carried) {}

  // An event: its item's row of the head, [H] in logits for a unit of the head's input, and that input afterwards,
  // Q3.12 [H].
  void observe(std::span<const float> row, std::span<const std::int16_t> head_input) const noexcept;

  // Writes the means at this head input, [recent_means × H], in the order of RecentMean.
  void at(std::span<const std::int16_t> head_input, std::span<float> means) const noexcept;

  void clear() const noexcept { std::ranges::fill(carried_, 0.0F); }

  // Whether finite values could be what means carry: no sum of weights is negative, so that no division fails.
  [[nodiscard]] static bool could_be(std::span<const float> carried) noexcept {
    return std::ranges::all_of(carried.first(sums), [](float sum) { return sum >= 0; });
  }

 private:
  static constexpr std::size_t sums = 2;
  [[nodiscard]] std::span<float> mean(RecentMean which) const noexcept {
    return carried_.subspan(sums + static_cast<std::size_t>(which) * hidden_dim_, hidden_dim_);
  }

  std::size_t hidden_dim_;
  float rows_per_unit_;
  std::span<float> carried_;
};

}  // namespace sotto
