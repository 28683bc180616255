// What a user's latest events say about all items (model/memory_term.hpp): means over them that fade from event to
// event, as vectors beside what the head multiplies. A mean of the rows of what was met lately raises items like those,
// whatever the network has made of them.
#pragma once

#include <sotto/model/memory_term.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

class RecentMeans {
 public:
  // What it carries: the sums of the events' weights, few and many; then the mean of the head's input, of few rows and
  // of many, [H] each.
  [[nodiscard]] static constexpr std::size_t size(std::size_t hidden_dim) noexcept {
    return sums + recent_means * hidden_dim;
  }
  // carried: [size(hidden_dim)], must outlive the means. rows_per_unit: divides the head's rows, so that a part is of
  // the same size in every model.
  RecentMeans(std::size_t hidden_dim, float rows_per_unit, std::span<float> carried);

  // An event: its item's row of the head, [H] in logits for a unit of the head's input, and that input afterwards,
  // Q3.12 [H].
  void observe(std::span<const float> row, std::span<const std::int16_t> head_input) noexcept;

  // The means at this head input, [recent_means × H], in the order of RecentMean. Valid until the next call.
  [[nodiscard]] std::span<const float> at(std::span<const std::int16_t> head_input) noexcept;

  void clear() noexcept;

  // Whether finite values could be what means carry: sums of weights that no division fails by.
  [[nodiscard]] static bool could_be(std::span<const float> carried) noexcept {
    return std::ranges::all_of(carried.first(sums), [](float sum) { return sum >= 0; });
  }

 private:
  static constexpr std::size_t sums = 2;
  [[nodiscard]] std::span<float> mean(RecentMean which) noexcept {
    return carried_.subspan(sums + static_cast<std::size_t>(which) * hidden_dim_, hidden_dim_);
  }

  std::size_t hidden_dim_;
  float rows_per_unit_;
  std::span<float> carried_;
  std::vector<float> vectors_;
};

}  // namespace sotto
