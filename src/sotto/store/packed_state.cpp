#include <sotto/store/internal/packed_state.hpp>

#include <sotto/base/hash.hpp>

#include <fmt/format.h>
#include <zstd.h>

#include <cmath>

namespace sotto::store {
namespace {

constexpr std::uint64_t max_state = 64ULL << 20;
constexpr std::size_t max_user_id = 1024;
// States are a few kB and are written often: the fastest of the levels that find repetitions well.
constexpr int compression_level = 3;

}  // namespace

Result<PackedState> pack_state(std::span<const std::byte> state) {
  if (state.size() > max_state)
    return Error{ErrorCode::invalid_argument, fmt::format("a state of {} bytes is larger than 64 MiB", state.size())};
  PackedState packed{Bytes(ZSTD_compressBound(state.size())), state.size(), xxh64(state)};
  const std::size_t size =
      ZSTD_compress(packed.bytes.data(), packed.bytes.size(), state.data(), state.size(), compression_level);
  if (ZSTD_isError(size) != 0) return Error{ErrorCode::io, "zstd cannot compress a state"};
  packed.bytes.resize(size);
  return packed;
}

Result<Bytes> unpack_state(std::span<const std::byte> packed, std::uint64_t size, std::uint64_t checksum) {
  const Error damaged{ErrorCode::malformed, "a user's stored state is damaged: its checksum does not match"};
  if (size > max_state) return damaged;
  Bytes state(size);
  if (ZSTD_decompress(state.data(), state.size(), packed.data(), packed.size()) != size) return damaged;
  if (xxh64(state) != checksum) return damaged;
  return state;
}

Status check_user_id(std::string_view user) {
  if (user.empty() || user.size() > max_user_id)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("a user's id has {} bytes; 1 to {} are allowed", user.size(), max_user_id)};
  return Ok{};
}

Status check_appends(std::span<const Append> requests) {
  for (const Append& request : requests) {
    if (auto checked = check_user_id(request.user); !checked) return checked;
    if (!request.outgoing.empty() && request.outgoing.size() != request.events.size())
      return Error{ErrorCode::invalid_argument, "a request has outgoing values for some of its events only"};
    for (const Event& event : request.events) {
      if (!std::isfinite(event.amount)) return Error{ErrorCode::invalid_argument, "an event's amount is not finite"};
    }
  }
  return Ok{};
}

}  // namespace sotto::store
