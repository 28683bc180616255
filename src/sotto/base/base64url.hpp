// Bytes as text for addresses and JSON: base64url without padding (RFC 4648, section 5).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto {

[[nodiscard]] std::string to_base64url(std::span<const std::byte> bytes);
// Returns nothing for a text that to_base64url makes of no bytes: padding, other letters, or bits beyond the last byte.
[[nodiscard]] std::optional<std::vector<std::byte>> from_base64url(std::string_view text);
// Decodes into `out`. Returns false, with `out` undefined, where the text is not exactly that many bytes.
[[nodiscard]] bool from_base64url(std::string_view text, std::span<std::byte> out) noexcept;
// Whether a text has the length and the letters of `bytes` bytes in base64url. It may have bits beyond the last byte.
[[nodiscard]] bool is_base64url(std::string_view text, std::size_t bytes) noexcept;

}  // namespace sotto
