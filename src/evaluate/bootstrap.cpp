#include <sotto/base/random.hpp>
#include <sotto/evaluate/bootstrap.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <thread>

namespace sotto::evaluate {
namespace {

// So many resamples share one pass over the users' sums, which do not fit a cache.
constexpr std::size_t resamples_per_pass = 8;

constexpr double low_quantile = 0.025;
constexpr double high_quantile = 0.975;

// Linear between the two nearest.
double quantile(std::span<const double> sorted, double share) noexcept {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Interval central_interval(std::vector<double>& values) {
  std::ranges::sort(values);
  return {quantile(values, low_quantile), quantile(values, high_quantile)};
}

struct UserSums {
  std::span<const double> sums;
  std::span<const std::uint32_t> targets;
  std::size_t columns;

  [[nodiscard]] std::size_t users() const noexcept { return targets.size(); }
};

// A pass over the users for some resamples, each with its own seed: `means` is [seeds × columns].
void resample(const UserSums& data, std::span<const std::uint64_t> seeds, std::span<double> means) {
  std::vector<std::uint32_t> times(data.users() * resamples_per_pass, 0);  // that the user was drawn
  for (std::size_t r = 0; r < seeds.size(); ++r) {
    Random random(seeds[r]);
    for (std::size_t draw = 0; draw < data.users(); ++draw) {
      ++times[random.below(static_cast<std::uint32_t>(data.users())) * resamples_per_pass + r];
    }
  }
  std::array<double, resamples_per_pass> targets{};
  for (std::size_t user = 0; user < data.users(); ++user) {
    const double* row = &data.sums[user * data.columns];
    for (std::size_t r = 0; r < seeds.size(); ++r) {
      const double drawn = times[user * resamples_per_pass + r];
      if (drawn == 0) continue;
      targets[r] += drawn * data.targets[user];
      double* out = &means[r * data.columns];
      for (std::size_t c = 0; c < data.columns; ++c) out[c] += drawn * row[c];
    }
  }
  for (std::size_t r = 0; r < seeds.size(); ++r) {
    for (double& value : means.subspan(r * data.columns, data.columns)) value /= targets[r];
  }
}

}  // namespace

Bootstrap::Bootstrap(std::span<const double> sums, std::span<const std::uint32_t> targets, std::size_t columns,
                     const BootstrapOptions& options)
    : columns_(columns), resamples_(options.resamples), means_(columns), resampled_(options.resamples * columns) {
  double total = 0;
  for (std::size_t user = 0; user < targets.size(); ++user) {
    total += targets[user];
    for (std::size_t c = 0; c < columns; ++c) means_[c] += sums[user * columns + c];
  }
  for (double& mean : means_) mean /= total;

  Random seed_source(options.seed);
  std::vector<std::uint64_t> seeds(resamples_);
  for (auto& seed : seeds) seed = seed_source.next();

  const UserSums data{sums, targets, columns};
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (;;) {
      const std::size_t begin = next.fetch_add(resamples_per_pass);
      if (begin >= resamples_) return;
      const std::size_t count = std::min(resamples_per_pass, resamples_ - begin);
      resample(data, std::span(seeds).subspan(begin, count),
               std::span(resampled_).subspan(begin * columns, count * columns));
    }
  };
  const std::size_t threads = options.threads > 0 ? options.threads : std::thread::hardware_concurrency();
  const std::size_t useful = (resamples_ + resamples_per_pass - 1) / resamples_per_pass;
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(threads, useful); ++i) others.emplace_back(work);
  work();
}

Interval Bootstrap::interval(std::size_t column) const {
  std::vector<double> values(resamples_);
  for (std::size_t r = 0; r < resamples_; ++r) values[r] = resampled(r, column);
  return central_interval(values);
}

Interval Bootstrap::difference(std::size_t column, std::size_t subtracted) const {
  std::vector<double> values(resamples_);
  for (std::size_t r = 0; r < resamples_; ++r) values[r] = resampled(r, column) - resampled(r, subtracted);
  return central_interval(values);
}

}  // namespace sotto::evaluate
