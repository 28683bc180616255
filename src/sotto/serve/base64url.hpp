// Bytes as text for addresses: base64url without padding (RFC 4648, section 5).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::serve {

[[nodiscard]] std::string to_base64url(std::string_view bytes);
// Nothing for a text that to_base64url does not make of any bytes.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);
// Whether a text has the length and the letters of `bytes` bytes in base64url. It may have bits beyond the last byte.
[[nodiscard]] bool is_base64url(std::string_view text, std::size_t bytes) noexcept;

}  // namespace sotto::serve
