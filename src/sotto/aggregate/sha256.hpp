// SHA-256 and HMAC-SHA-256 (FIPS 180-4, FIPS 198-1).
#pragma once

#include <sotto/sync/bytes.hpp>
#include <sotto/sync/identifiers.hpp>

namespace sotto::aggregate {

[[nodiscard]] sync::Sha256 sha256(sync::ByteSpan bytes) noexcept;
[[nodiscard]] sync::Sha256 hmac_sha256(sync::ByteSpan key, sync::ByteSpan bytes) noexcept;
// Takes the same time wherever the values differ.
[[nodiscard]] bool are_equal_in_constant_time(const sync::Sha256& a, const sync::Sha256& b) noexcept;

}  // namespace sotto::aggregate
