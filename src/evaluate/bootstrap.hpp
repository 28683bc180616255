// Confidence intervals by resampling users (Efron, 1979; percentile intervals). A user's targets depend on each
// other, so whole users are drawn with replacement, never single targets.
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

// Means per target of any number of quantities, each resample the same users for all of them, so that
// differences of two quantities are paired.
class Bootstrap {
 public:
  // `sums`: [users × columns], each user's sum over the user's targets; `targets`: [users], how many those are.
  Bootstrap(std::span<const double> sums, std::span<const std::uint32_t> targets, std::size_t columns,
            const BootstrapOptions& options);

  // The mean over all targets, and between which values 95 % of the resampled means lie.
  [[nodiscard]] double mean(std::size_t column) const noexcept { return means_[column]; }
  [[nodiscard]] Interval interval(std::size_t column) const;
  // The same of the first column minus the second.
  [[nodiscard]] Interval difference(std::size_t column, std::size_t subtracted) const;

 private:
  [[nodiscard]] double resampled(std::size_t resample, std::size_t column) const noexcept {
    return resampled_[resample * columns_ + column];
  }

  std::size_t columns_;
  std::size_t resamples_;
  std::vector<double> means_;      // [columns]
  std::vector<double> resampled_;  // [resamples × columns]
};

}  // namespace sotto::evaluate
