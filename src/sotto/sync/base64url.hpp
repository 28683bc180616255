// Bytes as text for addresses and JSON: base64url without padding (RFC 4648, section 5).
#pragma once

#include <sotto/sync/bytes.hpp>
#include <sotto/sync/identifiers.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace sotto::sync {

[[nodiscard]] std::string to_base64url(ByteSpan bytes);
// Returns nothing for a text that to_base64url makes of no bytes: padding, other letters, or bits beyond the last byte.
[[nodiscard]] std::optional<Bytes> from_base64url(std::string_view text);
// Decodes into `out`. Returns false, with `out` undefined, where the text is not exactly that many bytes.
[[nodiscard]] bool from_base64url(std::string_view text, std::span<std::byte> out) noexcept;

// An id in an address has 43 characters for 32 bytes, 22 for 16.
template <class Id>
[[nodiscard]] std::optional<Id> id_from_base64url(std::string_view text) noexcept {
  Id id;
  if (!from_base64url(text, id.bytes)) return std::nullopt;
  return id;
}

}  // namespace sotto::sync
