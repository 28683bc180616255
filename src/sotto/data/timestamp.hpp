// Reads the timestamps of logs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sotto::data {

inline constexpr std::string_view timestamp_rule =
    "seconds since 1970 (whole or decimal), milliseconds since 1970, or ISO 8601 such as 2024-05-31T12:00:00Z";

// Returns milliseconds since 1970. Accepts whole or decimal seconds ("978300019", "978300019.25"), whole milliseconds
// (numbers above 10^11, which in seconds would be after the year 5138) or ISO 8601 ("2024-05-31", "2024-05-31 12:00",
// "2024-05-31T12:00:00.250+02:00"). Without a zone, ISO 8601 is UTC. Years are 1 to 9999. Digits below a millisecond
// are dropped. Empty for other text.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp_ms(std::string_view text) noexcept;

}  // namespace sotto::data
