// XXH64 (Yann Collet, xxHash specification 0.1.1) computes the fingerprints of models, logs and stored states. It
// detects accidental changes. It does not protect against attackers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

[[nodiscard]] std::uint64_t xxh64(std::span<const std::byte> bytes, std::uint64_t seed = 0) noexcept;

}  // namespace sotto
