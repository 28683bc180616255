#include <sotto/base/random.hpp>
#include <sotto/evaluate/bootstrap.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

namespace sotto::evaluate {
namespace {

// This many resamples share one pass over the users' sums, which do not fit in a cache.
constexpr std::size_t resamples_per_pass = 8;

constexpr double low_quantile = 0.025;
constexpr double high_quantile = 0.975;

// Interpolates linearly between the two nearest values.
double quantile(std::span<const double> sorted, double share) noexcept {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// Resamples with a count of 0 have no mean and are left out.
template <class ValueOf>
Interval central_interval(std::size_t resamples, const ValueOf& value_of) {
  std::vector<double> values;
  for (std::size_t r = 0; r < resamples; ++r) {
    if (const double value = value_of(r); std::isfinite(value)) values.push_back(value);
  }
  if (values.empty()) return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  std::ranges::sort(values);
  return {quantile(values, low_quantile), quantile(values, high_quantile)};
}

struct Rows {
  std::span<const double> sums;
  std::size_t columns;

  [[nodiscard]] std::size_t users() const noexcept { return sums.size() / columns; }
};

// Makes a pass over the users for some resamples, each with its own seed. Adds to `totals`, [seeds × columns].
void resample(const Rows& rows, std::span<const std::uint64_t> seeds, std::span<double> totals) {
  std::vector<std::uint32_t> times(rows.users() * resamples_per_pass, 0);  // number of times that the user was drawn
  for (std::size_t r = 0; r < seeds.size(); ++r) {
    Random random(seeds[r]);
    for (std::size_t draw = 0; draw < rows.users(); ++draw) {
      ++times[random.below(static_cast<std::uint32_t>(rows.users())) * resamples_per_pass + r];
    }
  }
  for (std::size_t user = 0; user < rows.users(); ++user) {
    const double* row = &rows.sums[user * rows.columns];
    for (std::size_t r = 0; r < seeds.size(); ++r) {
      const double drawn = times[user * resamples_per_pass + r];
      if (drawn == 0) continue;
      double* out = &totals[r * rows.columns];
      for (std::size_t c = 0; c < rows.columns; ++c) out[c] += drawn * row[c];
    }
  }
}

}  // namespace

Bootstrap::Bootstrap(std::span<const double> sums, std::size_t columns, const BootstrapOptions& options)
    : resamples_(options.resamples), totals_(columns), resampled_(options.resamples * columns) {
  const Rows rows{sums, columns};
  for (std::size_t user = 0; user < rows.users(); ++user) {
    for (std::size_t c = 0; c < columns; ++c) totals_[c] += sums[user * columns + c];
  }

  Random seed_source(options.seed);
  std::vector<std::uint64_t> seeds(resamples_);
  for (auto& seed : seeds) seed = seed_source.next();

  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (;;) {
      const std::size_t begin = next.fetch_add(resamples_per_pass);
      if (begin >= resamples_) return;
      const std::size_t count = std::min(resamples_per_pass, resamples_ - begin);
      resample(rows, std::span(seeds).subspan(begin, count),
               std::span(resampled_).subspan(begin * columns, count * columns));
    }
  };
  const std::size_t threads = options.threads > 0 ? options.threads : std::thread::hardware_concurrency();
  const std::size_t useful = (resamples_ + resamples_per_pass - 1) / resamples_per_pass;
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(threads, useful); ++i) others.emplace_back(work);
  work();
}

Interval Bootstrap::interval(const Ratio& ratio) const {
  return central_interval(resamples_, [&](std::size_t r) { return resampled_mean(r, ratio); });
}

Interval Bootstrap::difference(const Ratio& ratio, const Ratio& subtracted) const {
  return central_interval(resamples_,
                          [&](std::size_t r) { return resampled_mean(r, ratio) - resampled_mean(r, subtracted); });
}

}  // namespace sotto::evaluate
