// A user's state as the stores keep it: compressed by zstd, with a checksum of its own.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/store.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sotto::store {

struct PackedState {
  Bytes bytes;
  std::uint64_t size = 0;  // of the state
  std::uint64_t checksum = 0;  // XXH64 of the state
};

// Fails with invalid_argument for a state of more than 64 MiB.
[[nodiscard]] Result<PackedState> pack_state(std::span<const std::byte> state);
// Fails with malformed where the bytes are not those that were packed.
[[nodiscard]] Result<Bytes> unpack_state(std::span<const std::byte> packed, std::uint64_t size, std::uint64_t checksum);

// What every store asks of a request. Fails with invalid_argument.
[[nodiscard]] Status check_user_id(std::string_view user);
[[nodiscard]] Status check_appends(std::span<const Append> requests);

}  // namespace sotto::store
