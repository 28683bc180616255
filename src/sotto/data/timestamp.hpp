// Timestamps as logs write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sotto::data {

inline constexpr std::string_view timestamp_rule =
    "seconds since 1970 (whole or decimal), milliseconds since 1970, or ISO 8601 such as 2024-05-31T12:00:00Z";

// Milliseconds since 1970 from whole or decimal seconds ("978300019", "978300019.25"), whole milliseconds
// (numbers above 10^11: in seconds that would be after the year 5138) or ISO 8601 ("2024-05-31",
// "2024-05-31 12:00", "2024-05-31T12:00:00.250+02:00"; without a zone: UTC). Years 1 to 9999; what is finer than
// a millisecond is dropped. Empty when the text is none of these.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp_ms(std::string_view text) noexcept;

}  // namespace sotto::data
