// Extensions of tasks, reports, aggregation jobs and collection jobs. All four lists have one layout and one rule: the
// types increase strictly, and a receiver must know every one of them.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <cstdint>
#include <span>

namespace sotto::sync {

struct Extension {
  std::uint16_t type = 0;
  Bytes data;  // at most 65,535 bytes

  [[nodiscard]] static Result<Extension> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const Extension&, const Extension&) = default;
};

// The registered types. There are none for reports and collection jobs.
inline constexpr std::uint16_t task_extension_interval = 1;                  // data: an Interval
inline constexpr std::uint16_t aggregation_job_extension_batch_id = 1;       // data: a BatchId

// Fails with malformed where a type does not exceed the one before it.
[[nodiscard]] Status check_extension_order(std::span<const Extension> extensions);

}  // namespace sotto::sync
