// Half-open intervals of time.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <cstdint>

namespace sotto::sync {

// Both count units of the task's time precision since 1970, not seconds.
struct Interval {
  std::uint64_t start = 0;
  std::uint64_t duration = 0;

  // Fails with out_of_range where start + duration exceeds 64 bits.
  [[nodiscard]] static Result<Interval> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const Interval&, const Interval&) = default;
};

}  // namespace sotto::sync
