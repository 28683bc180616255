// Means over a user's latest events, which say something about all items (model/memory_term.hpp). They fade from event
// to event, and are vectors that are added to the head's input. A mean of the rows of recent items raises similar
// items, in addition to the network's own effect.
#pragma once

#include <sotto/model/memory_term.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// A view of the means' carried values, which must outlive it.
class RecentMeans {
 public:
  // The number of carried values. First come the sums of the events' weights for the short and the long mean. Then come
  // the mean of the head's input, the mean of the rows over few events and the mean over many, [H] each.
  [[nodiscard]] static constexpr std::size_t size(std::size_t hidden_dim) noexcept {
    return sums + recent_means * hidden_dim;
  }
  // carried: [size(hidden_dim)]. rows_per_unit divides the head's rows, so that a part has the same size in every
  // model.
  RecentMeans(std::size_t hidden_dim, float rows_per_unit, std::span<float> carried) noexcept
      : hidden_dim_(hidden_dim), rows_per_unit_(rows_per_unit), carried_(carried) {}

  // Takes an event: its item's row of the head, [H] in logits for a unit of the head's input, and the input after the
  // event, Q3.12 [H].
  void observe(std::span<const float> row, std::span<const std::int16_t> head_input) const noexcept;

  // Writes the means at this head input, [recent_means × H], in the order of RecentMean.
  void at(std::span<const std::int16_t> head_input, std::span<float> means) const noexcept;

  void clear() const noexcept { std::ranges::fill(carried_, 0.0F); }

  // Tells whether finite values could be carried values: no sum of weights is negative, so that no division fails.
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
