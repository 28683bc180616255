// What a personal session's stored state holds (docs/format.md), read from outside bytes and checked as far as that can
// be done without the model.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/personal/gate.hpp>
#include <sotto/personal/hidden_items.hpp>
#include <sotto/runtime/state_envelope.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

inline constexpr StateKind personal_state_kind{{'S', 'O', 'P', 'S'}, 3, "the stored personal state"};

struct StoredPersonalState {
  std::uint64_t fingerprint = 0;  // of the model it belongs to
  std::span<const std::byte> session{};  // the session's own state, in the bytes that were read
  std::vector<ItemIndex> events;  // remembered by it, oldest first
  std::vector<std::int64_t> times;  // of the events
  Gate::Weights gate_weights{};
  GateRecord gate_record;
  bool learning = true;
  std::array<float, memory_weights> memory_weight{};
  std::vector<float> taste;
  std::vector<HiddenItem> hidden;
  std::vector<ItemIndex> shown;
};

// Fails with truncated, malformed, unsupported_version or wrong_shape.
[[nodiscard]] Result<StoredPersonalState> read_personal_state(std::span<const std::byte> bytes);

}  // namespace sotto
