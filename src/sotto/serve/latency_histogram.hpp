// How long answers took, in buckets that several servers can add up.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto::serve {

// Eight buckets for each power of two: a bucket is at most an eighth of its values wide. Times are in microseconds, up
// to 2^26 (67 s); longer ones count in the last bucket.
class LatencyHistogram {
 public:
  static constexpr std::size_t buckets = 192;

  void add(std::int64_t micros, std::uint64_t count = 1) noexcept { counts_[bucket_of(micros)] += count; }
  void add(const LatencyHistogram& other) noexcept;
  void add_to_bucket(std::size_t bucket, std::uint64_t count) noexcept { counts_[bucket] += count; }

  [[nodiscard]] std::uint64_t count(std::size_t bucket) const noexcept { return counts_[bucket]; }
  [[nodiscard]] std::uint64_t total() const noexcept;
  // The time that a share of the values does not exceed, by the middle of its bucket; 0 without values. Legal: 0 <
  // share ≤ 1.
  [[nodiscard]] double quantile(double share) const noexcept;

  [[nodiscard]] static std::size_t bucket_of(std::int64_t micros) noexcept;
  // The smallest time of a bucket. Legal: 0 … buckets.
  [[nodiscard]] static std::int64_t start_of(std::size_t bucket) noexcept;

  bool operator==(const LatencyHistogram&) const = default;

 private:
  std::array<std::uint64_t, buckets> counts_{};
};

}  // namespace sotto::serve
