// Reads the timestamps of logs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::data {

inline constexpr std::string_view timestamp_rule =
    "seconds, milliseconds, microseconds or nanoseconds since 1970, or ISO 8601 such as 2024-05-31T12:00:00Z";

inline constexpr std::int64_t us_per_second = 1'000'000;

// The forms of a number that is a time. The last one is YYYYMMDD, YYYYMMDDhhmm or YYYYMMDDhhmmss in UTC.
enum class TimeUnit { seconds, milliseconds, microseconds, nanoseconds, date_digits };
inline constexpr std::size_t time_units = 5;
// "seconds", …, "YYYYMMDDhhmmss".
[[nodiscard]] std::string_view time_unit_name(TimeUnit unit) noexcept;

// A number that is a time, in a unit that is not known yet.
struct TimeNumber {
  std::int64_t whole = 0;
  std::int32_t millionths = 0;  // of the unit, with the sign of the number

  // The unit that gives a time close to today: seconds up to 10^11, milliseconds below 10^14, microseconds below
  // 9 · 10^15.
  [[nodiscard]] TimeUnit unit_by_size() const noexcept;
  // True if the number, in that unit, is a time from 1979 to 2099.
  [[nodiscard]] bool is_of_our_time(TimeUnit unit) const noexcept;
  // Returns microseconds since 1970. Empty outside the years 1 … 9999, and where the digits are no date.
  [[nodiscard]] std::optional<std::int64_t> microseconds(TimeUnit unit) const noexcept;
};

// A time as it is written: a number, or a date whose meaning is certain.
struct WrittenTime {
  bool is_number = false;
  TimeNumber number = {};
  std::int64_t microseconds = 0;  // since 1970, of a date
};

// Accepts whole or decimal numbers ("978300019", "978300019.25") and ISO 8601 ("2024-05-31", "2024-05-31 12:00",
// "2024-05-31T12:00:00.250+02:00"), also with slashes in the date, without separators ("20240531T120000Z"), and with
// the zone as a name that means one offset ("2024-05-31 12:00:00 UTC", "… CET", "… GMT+2"). Without a zone, ISO 8601 is
// UTC. Years are 1 to 9999. Digits below a microsecond are dropped. Spaces around the text are ignored. Empty for other
// text.
[[nodiscard]] std::optional<WrittenTime> parse_time(std::string_view text) noexcept;

// Returns milliseconds since 1970 of a time that stands alone: a number is in the unit of its size, and 14 digits that
// are a date are one.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp_ms(std::string_view text) noexcept;

// What is wrong with a text that parse_time refuses, as a phrase: "expected seconds …".
[[nodiscard]] std::string expected_time(std::string_view text);

}  // namespace sotto::data
