// The trend: what is wanted now, one number for each slot. Devices download it beside the manifest.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/identifiers.hpp>
#include <sotto/sync/slot_map.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace sotto::sync {

inline constexpr int trend_units_per_nat = 1024;
// The log probability of an untrained item that nobody is known to want: minus infinity.
inline constexpr std::int16_t trend_zero_probability = std::numeric_limits<std::int16_t>::min();

// The first eight bytes of the SHA-256 of the slot map's encoding.
using SlotsFingerprint = std::array<std::byte, 8>;
[[nodiscard]] SlotsFingerprint slots_fingerprint(const Sha256& hash_of_slot_map) noexcept;

struct TrendFile {
  std::uint64_t version = 0;  // only goes up; equal to the manifest's
  SlotsFingerprint slots{};
  // One for each slot, in units of 1/1024 nat. Trained items: log(wanted now / expected of the base), -32 to 32 nats.
  // Untrained ones: the log of the item's probability, at most 0, or trend_zero_probability. Else 0.
  std::vector<std::int16_t> values;

  // The wire's form: 28 bytes of header, then two bytes for each slot. Fails with truncated, malformed,
  // unsupported_version or out_of_range.
  [[nodiscard]] static Result<TrendFile> decode(ByteSpan bytes);
  // Fails with out_of_range for fewer than 2 or more than max_slots values.
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const TrendFile&, const TrendFile&) = default;
};

// Whether the trend belongs to the map, and each value is legal for its slot's kind. Fails with mismatch or
// out_of_range.
[[nodiscard]] Status check_trend(const TrendFile& trend, const SlotMap& slots, const SlotsFingerprint& fingerprint);

// The nearest value in units of 1/1024 nat, kept within the legal range of a log ratio or of a log probability. NaN is
// an unknown ratio: 0, or an unknown probability: zero.
[[nodiscard]] std::int16_t trend_ratio(double nats) noexcept;
[[nodiscard]] std::int16_t trend_log_probability(double nats) noexcept;

}  // namespace sotto::sync
