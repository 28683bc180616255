#include <sotto/serve/latency_histogram.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace sotto::serve {

void LatencyHistogram::add(const LatencyHistogram& other) noexcept {
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) counts_[bucket] += other.counts_[bucket];
}

std::uint64_t LatencyHistogram::total() const noexcept {
  std::uint64_t total = 0;
  for (const std::uint64_t count : counts_) total += count;
  return total;
}

double LatencyHistogram::quantile(double share) const noexcept {
  const std::uint64_t values = total();
  if (values == 0) return 0;
  const double wanted = std::ceil(share * static_cast<double>(values));
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  for (; bucket + 1 < buckets; ++bucket) {
    seen += counts_[bucket];
    if (static_cast<double>(seen) >= wanted) break;
  }
  const auto width = static_cast<double>(start_of(bucket + 1) - start_of(bucket));
  return static_cast<double>(start_of(bucket)) + (width - 1) / 2;
}

// Times below 8 have a bucket each. From there on the bucket is the power of two and the three bits below the first
// one.
std::size_t LatencyHistogram::bucket_of(std::int64_t micros) noexcept {
  if (micros < 8) return static_cast<std::size_t>(std::max<std::int64_t>(micros, 0));
  const auto time = static_cast<std::uint64_t>(micros);
  const auto power = static_cast<std::size_t>(std::bit_width(time)) - 1;
  return std::min((power - 2) * 8 + (time >> (power - 3) & 7), buckets - 1);
}

std::int64_t LatencyHistogram::start_of(std::size_t bucket) noexcept {
  if (bucket < 8) return static_cast<std::int64_t>(bucket);
  return static_cast<std::int64_t>((8 + bucket % 8) << (bucket / 8 - 1));
}

}  // namespace sotto::serve
