// The trend rule's state as bytes, for the store: version 1, all numbers little-endian.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/aggregation_store.hpp>
#include <sotto/sync/trend_rule.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::aggregate {

[[nodiscard]] store::Bytes encode_trend_state(const sync::TrendState& state);
// No bytes are the state before the first batch. Fails with malformed or unsupported_version.
[[nodiscard]] Result<sync::TrendState> decode_trend_state(std::span<const std::byte> bytes);

// A batch's histogram, eight bytes for each slot.
[[nodiscard]] store::Bytes encode_histogram(std::span<const std::int64_t> histogram);
[[nodiscard]] std::vector<std::int64_t> decode_histogram(std::span<const std::byte> bytes);

}  // namespace sotto::aggregate
