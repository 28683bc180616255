// Stores a personal user as bytes (docs/format.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/personal/gate.hpp>
#include <sotto/personal/hidden_items.hpp>
#include <sotto/personal/personal_user.hpp>
#include <sotto/runtime/internal/state_envelope.hpp>
#include <sotto/runtime/internal/stored_state.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// A state without a record of the trend has the oldest version, so that older builds read it.
inline constexpr StateKind personal_state_kind{{'S', 'O', 'P', 'S'}, 4, "the stored personal state", 3};

// The content of the bytes. It is checked as far as possible without the model.
struct StoredPersonalState {
  std::uint64_t fingerprint = 0;  // fingerprint of the state's model
  StoredState state;  // the engine's own state, in the bytes that were read
  std::vector<std::int64_t> times;  // times of the remembered events
  Gate::Weights gate_weights{};
  GateRecord gate_record;
  bool learning = true;
  float trend_record = 0;
  std::array<float, memory_weights> memory_weight{};
  std::vector<float> taste;
  std::vector<HiddenItem> hidden;
  std::vector<ItemIndex> shown;
};

// Fails with truncated, malformed, unsupported_version or wrong_shape.
[[nodiscard]] Result<StoredPersonalState> read_personal_state(std::span<const std::byte> bytes);

// The number of bytes that export_state writes.
[[nodiscard]] std::size_t stored_size(const PersonalUser& user) noexcept;
// fingerprint: the model's fingerprint. Precondition: out.size() = stored_size(user).
void export_state(const PersonalUser& user, std::uint64_t fingerprint, std::span<std::byte> out) noexcept;

}  // namespace sotto
