// Quantities as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace sotto::present {

[[nodiscard]] std::string bytes_in_words(std::uint64_t bytes);    // "1.25 MB", decimal units
[[nodiscard]] std::string seconds_in_words(double seconds);       // "3.2 s", "4 min 05 s", "2 h 03 min"
[[nodiscard]] std::string date(std::int64_t seconds_since_1970);  // "2011-12-09", in UTC

}  // namespace sotto::present
