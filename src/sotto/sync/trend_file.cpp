#include <sotto/sync/trend_file.hpp>

#include <sotto/sync/internal/little_endian.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace sotto::sync {
namespace {

constexpr std::string_view trend_magic = "STTR";
constexpr std::uint32_t trend_format_version = 1;
constexpr std::int16_t max_trend_ratio = std::numeric_limits<std::int16_t>::max();

bool has_slots(std::size_t slots) { return slots >= 2 && slots <= max_slots; }

Error wrong_slots(std::size_t slots) {
  return {ErrorCode::out_of_range, "the trend has " + std::to_string(slots) + " slots, expected 2 to 65,536"};
}

bool is_legal_trend(std::int16_t value, SlotKind kind) {
  switch (kind) {
    case SlotKind::untrained: return value <= 0;
    case SlotKind::trained: return value >= -max_trend_ratio;
    case SlotKind::nothing:
    case SlotKind::unused: return value == 0;
  }
  return false;
}

}  // namespace

SlotsFingerprint slots_fingerprint(const Sha256& hash_of_slot_map) noexcept {
  SlotsFingerprint fingerprint{};
  std::copy_n(hash_of_slot_map.begin(), fingerprint.size(), fingerprint.begin());
  return fingerprint;
}

Result<Bytes> TrendFile::encode() const {
  if (!has_slots(values.size())) return wrong_slots(values.size());
  Bytes bytes;
  append_text(bytes, trend_magic);
  append_le(bytes, trend_format_version);
  append_le(bytes, version);
  bytes.insert(bytes.end(), slots.begin(), slots.end());
  append_le(bytes, static_cast<std::uint32_t>(values.size()));
  for (const std::int16_t value : values) append_le(bytes, value);
  return bytes;
}

Result<TrendFile> TrendFile::decode(ByteSpan bytes) {
  if (!take_magic(bytes, trend_magic)) return Error{ErrorCode::malformed, "the bytes are no trend"};
  std::uint32_t format = 0;
  if (!take_le(bytes, format)) return Error{ErrorCode::truncated, "the trend's header is cut off"};
  if (format != trend_format_version) {
    return Error{ErrorCode::unsupported_version, "the trend has version " + std::to_string(format)};
  }
  TrendFile trend;
  std::uint64_t fingerprint = 0;
  std::uint32_t slot_count = 0;
  if (!take_le(bytes, trend.version) || !take_le(bytes, fingerprint) || !take_le(bytes, slot_count)) {
    return Error{ErrorCode::truncated, "the trend's header is cut off"};
  }
  store_le(trend.slots.data(), fingerprint);
  if (!has_slots(slot_count)) return wrong_slots(slot_count);
  const std::size_t expected = std::size_t{slot_count} * sizeof(std::int16_t);
  if (bytes.size() != expected) {
    return Error{
        bytes.size() < expected ? ErrorCode::truncated : ErrorCode::malformed,
        "the trend has " + std::to_string(bytes.size()) + " bytes of values, expected " + std::to_string(expected)};
  }
  trend.values.resize(slot_count);
  for (std::size_t slot = 0; slot < trend.values.size(); ++slot) {
    trend.values[slot] = load_le<std::int16_t>(bytes.data() + slot * sizeof(std::int16_t));
  }
  return trend;
}

Status check_trend(const TrendFile& trend, const SlotMap& slots, const SlotsFingerprint& fingerprint) {
  if (trend.slots != fingerprint) return Error{ErrorCode::mismatch, "the trend belongs to another slot map"};
  if (trend.values.size() != slots.slot_count()) {
    return Error{ErrorCode::mismatch, "the trend has " + std::to_string(trend.values.size()) + " slots, the map " +
                                          std::to_string(slots.slot_count())};
  }
  for (std::uint32_t slot = 0; slot < slots.slot_count(); ++slot) {
    if (is_legal_trend(trend.values[slot], slots.kind_of(slot))) continue;
    return Error{ErrorCode::out_of_range,
                 "the trend has " + std::to_string(trend.values[slot]) + " at slot " + std::to_string(slot)};
  }
  return Ok{};
}

std::int16_t trend_ratio(double nats) noexcept {
  if (std::isnan(nats)) return 0;
  const double units = std::round(nats * trend_units_per_nat);
  return static_cast<std::int16_t>(std::clamp<double>(units, -max_trend_ratio, max_trend_ratio));
}

std::int16_t trend_log_probability(double nats) noexcept {
  const double units = std::round(nats * trend_units_per_nat);
  if (!(units > trend_zero_probability)) return trend_zero_probability;
  return static_cast<std::int16_t>(std::min(units, 0.0));
}

}  // namespace sotto::sync
