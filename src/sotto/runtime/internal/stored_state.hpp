// Stores a user's state as bytes (docs/format.md). The same events on the same model give the same bytes in every
// build.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/user_state.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// The content of the bytes. It is checked as far as possible without the model.
struct StoredState {
  std::uint64_t fingerprint = 0;  // fingerprint of the state's model
  std::uint32_t events = 0;  // number of events observed so far
  std::span<const std::byte> carried{};  // little-endian int16, in the bytes that were read
  std::vector<ItemIndex> history;  // oldest first
};

// Fails with truncated, malformed, unsupported_version or wrong_shape.
[[nodiscard]] Result<StoredState> read_state(std::span<const std::byte> bytes);
// Checks that the state belongs to the engine's model. Fails with mismatch, wrong_shape or unknown_item.
[[nodiscard]] Status check_state(const Engine& engine, const StoredState& stored);

// The number of bytes that export_state writes. It grows with the history, up to a bound.
[[nodiscard]] std::size_t stored_size(const UserState& state) noexcept;
// fingerprint: the model's fingerprint. Precondition: out.size() = stored_size(state).
void export_state(const UserState& state, std::uint64_t fingerprint, std::span<std::byte> out) noexcept;

}  // namespace sotto
