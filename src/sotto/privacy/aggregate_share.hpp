// An aggregator's share of a sum of reports over Field128, and what the two shares together say.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/field128.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::privacy {

class AggregateShare {
 public:
  // The sum of no reports.
  explicit AggregateShare(std::size_t length) : elements_(length) {}

  // Fails with malformed when the bytes are not length * 16, with out_of_range when an element is >= p.
  [[nodiscard]] static Result<AggregateShare> decode(std::span<const std::byte> bytes, std::size_t length);
  [[nodiscard]] std::vector<std::byte> encode() const;

  [[nodiscard]] std::size_t length() const noexcept { return elements_.size(); }
  [[nodiscard]] std::span<const Field128> elements() const noexcept { return elements_; }

  // Adds the output share of one report. Fails with invalid_argument when it has another length.
  [[nodiscard]] Status add(std::span<const Field128> output_share);
  // Adds another share of the same aggregator. Fails with invalid_argument when it has another length.
  [[nodiscard]] Status merge(const AggregateShare& other);
  // Adds a signed integer to each element. Fails with invalid_argument when the lengths differ.
  [[nodiscard]] Status add_noise(std::span<const std::int64_t> noise);

 private:
  std::vector<Field128> elements_;
};

// The sums of `reports` reports without noise. Fails with invalid_argument when the shares' lengths differ, with
// out_of_range when an element exceeds the number of reports: then noise was added, or a share is missing.
[[nodiscard]] Result<std::vector<std::uint64_t>> unshard(const AggregateShare& leader, const AggregateShare& helper,
                                                         std::uint64_t reports);

// The sums with their noise, which can make them negative: each is the representative nearest to zero. Fails with
// invalid_argument when the shares' lengths differ, with out_of_range when a sum does not fit.
[[nodiscard]] Result<std::vector<std::int64_t>> unshard_signed(const AggregateShare& leader,
                                                               const AggregateShare& helper);

}  // namespace sotto::privacy
