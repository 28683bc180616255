// The envelope of every stored state (docs/format.md). The magic number, the version and the model's fingerprint
// precede the body. A checksum of all of them and of the body follows it.
#pragma once

#include <sotto/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sotto {

struct StateKind {
  std::array<char, 4> magic;
  std::uint32_t version;  // the latest one
  const char* name;  // in error messages: "the stored state"
  std::uint32_t oldest_version = version;  // the oldest one that this build reads
};

inline constexpr std::size_t state_header_bytes = 16;
inline constexpr std::size_t state_checksum_bytes = 8;
inline constexpr std::size_t state_envelope_bytes = state_header_bytes + state_checksum_bytes;

struct StateBody {
  std::uint32_t version;
  std::uint64_t fingerprint;  // fingerprint of the state's model
  std::span<const std::byte> bytes;
};

// Writes the envelope around a body that is stored at out[state_header_bytes …]. Preconditions: out.size() ≥
// state_envelope_bytes; version is one of the kind's.
void seal_state(const StateKind& kind, std::uint32_t version, std::uint64_t fingerprint,
                std::span<std::byte> out) noexcept;

// Checks the magic number, the version and the checksum, and returns the body. Fails with truncated, malformed or
// unsupported_version.
[[nodiscard]] Result<StateBody> open_state(const StateKind& kind, std::span<const std::byte> bytes);

// Makes an error about a state of that kind.
[[nodiscard]] Error state_error(ErrorCode code, const StateKind& kind, const std::string& what);

}  // namespace sotto
