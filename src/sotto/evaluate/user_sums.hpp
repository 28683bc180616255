// Sums over the targets and baskets of each user. The bootstrap resamples these rows.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/baskets.hpp>
#include <sotto/evaluate/bootstrap.hpp>
#include <sotto/evaluate/rank_targets.hpp>
#include <sotto/evaluate/slices.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::evaluate {

enum class Quantity : std::size_t { hit_rate, ndcg, reciprocal_rank, list_popularity, basket_recall };

// Maps each quantity to its column in a row. Each mean is a sum divided by a count.
class Columns {
 public:
  Columns(std::size_t arms, std::size_t cutoffs) noexcept : arms_(arms), cutoffs_(cutoffs) {}

  [[nodiscard]] std::size_t arms() const noexcept { return arms_; }
  [[nodiscard]] std::size_t cutoffs() const noexcept { return cutoffs_; }
  [[nodiscard]] std::size_t count() const noexcept { return slice_at(slice_names.size()); }

  [[nodiscard]] Ratio target_popularity() const noexcept { return {popularity_sum, target_count}; }
  [[nodiscard]] Ratio of_list(std::size_t arm, std::size_t cutoff, Quantity quantity) const noexcept {
    return {lists_begin + (arm * cutoffs_ + cutoff) * list_quantities + static_cast<std::size_t>(quantity),
            quantity == Quantity::basket_recall ? basket_count : target_count};
  }
  // Quantity::hit_rate or Quantity::ndcg, at slice_cutoff.
  [[nodiscard]] Ratio of_slice(std::size_t slice, std::size_t arm, Quantity quantity) const noexcept {
    return {slice_at(slice) + 1 + arm * slice_quantities + static_cast<std::size_t>(quantity), slice_at(slice)};
  }
  [[nodiscard]] std::size_t targets_of_slice(std::size_t slice) const noexcept { return slice_at(slice); }

 private:
  static constexpr std::size_t target_count = 0;
  static constexpr std::size_t basket_count = 1;
  static constexpr std::size_t popularity_sum = 2;
  static constexpr std::size_t lists_begin = 3;
  static constexpr std::size_t list_quantities = 5;
  static constexpr std::size_t slice_quantities = 2;

  [[nodiscard]] std::size_t slice_at(std::size_t slice) const noexcept {
    return lists_begin + arms_ * cutoffs_ * list_quantities + slice * (1 + arms_ * slice_quantities);
  }

  std::size_t arms_;
  std::size_t cutoffs_;
};

// Returns [users with a target × columns]. `popularity` is the percentile of each of the log's items.
[[nodiscard]] std::vector<double> sum_by_user(const data::Split& split, std::span<const data::Target> targets,
                                              std::span<const Basket> baskets, std::span<const double> popularity,
                                              const Rankings& rankings, const std::vector<std::uint32_t>& cutoffs);

}  // namespace sotto::evaluate
