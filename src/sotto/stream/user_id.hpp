// Users are known by an id that the site chooses.
#pragma once

#include <cstddef>
#include <string_view>

namespace sotto::stream {

inline constexpr std::size_t max_user_id = 256;  // in bytes

// Whether it is 1 … max_user_id bytes without control characters. Precondition: valid UTF-8.
[[nodiscard]] bool is_user_id(std::string_view text) noexcept;

}  // namespace sotto::stream
