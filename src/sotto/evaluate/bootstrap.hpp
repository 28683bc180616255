// Computes confidence intervals by resampling users (Efron, 1979; percentile intervals). A user's targets depend on
// each other. Whole users are therefore drawn with replacement, never single targets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::evaluate {

struct Interval {
  double low = 0;
  double high = 0;
};

struct BootstrapOptions {
  std::uint32_t resamples = 1000;
  std::uint64_t seed = 1;
  std::uint32_t threads = 0;  // 0: all cores; the result does not depend on it
};

// A mean: the sum of one column divided by the sum of another column, which holds counts.
struct Ratio {
  std::size_t sum = 0;
  std::size_t count = 0;
};

// Each resample draws the same users for all columns, so that differences of two means are paired.
class Bootstrap {
 public:
  // `sums`: [users × columns]. Legal: at least one user.
  Bootstrap(std::span<const double> sums, std::size_t columns, const BootstrapOptions& options);

  [[nodiscard]] double total(std::size_t column) const noexcept { return totals_[column]; }
  // The mean over all users, and the interval that contains 95 % of the resampled means. NaN if the count is 0.
  [[nodiscard]] double mean(const Ratio& ratio) const noexcept { return totals_[ratio.sum] / totals_[ratio.count]; }
  [[nodiscard]] Interval interval(const Ratio& ratio) const;
  // The interval of the first mean minus the second.
  [[nodiscard]] Interval difference(const Ratio& ratio, const Ratio& subtracted) const;

 private:
  [[nodiscard]] double resampled_mean(std::size_t resample, const Ratio& ratio) const noexcept {
    const double* row = &resampled_[resample * totals_.size()];
    return row[ratio.sum] / row[ratio.count];
  }

  std::size_t resamples_;
  std::vector<double> totals_;     // [columns]
  std::vector<double> resampled_;  // [resamples × columns]
};

}  // namespace sotto::evaluate
