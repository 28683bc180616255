#include <sotto/base/internal/bytes.hpp>
#include <sotto/runtime/internal/state_envelope.hpp>
#include <sotto/runtime/internal/stored_state.hpp>

#include <cstring>

namespace sotto {
namespace {

// The body has the number of events, of carried values and of remembered events. The values and the remembered events
// follow.
constexpr StateKind state_kind{{'S', 'O', 'S', 'T'}, 1, "the stored state"};
constexpr std::size_t events_at = 0;
constexpr std::size_t count_at = 4;
constexpr std::size_t history_count_at = 8;
constexpr std::size_t values_at = 12;

}  // namespace

Result<StoredState> read_state(std::span<const std::byte> bytes) {
  const auto opened = open_state(state_kind, bytes);
  if (!opened) return opened.error();
  const auto body = opened->bytes;
  const bool has_counts = body.size() >= values_at;
  const std::uint64_t value_bytes =
      has_counts ? load_le<std::uint32_t>(body.data() + count_at) * std::uint64_t{sizeof(std::int16_t)} : 0;
  const std::size_t remembered = has_counts ? load_le<std::uint32_t>(body.data() + history_count_at) : 0;
  if (!has_counts || remembered > history_capacity ||
      body.size() != values_at + value_bytes + remembered * sizeof(ItemIndex)) {
    return state_error(ErrorCode::wrong_shape, state_kind, "has other bytes than the counts that it announces");
  }
  StoredState stored{opened->fingerprint, load_le<std::uint32_t>(body.data() + events_at),
                     body.subspan(values_at, static_cast<std::size_t>(value_bytes)),
                     std::vector<ItemIndex>(remembered)};
  if (remembered > 0) {
    const auto items = body.last(remembered * sizeof(ItemIndex));
    std::memcpy(stored.history.data(), items.data(), items.size());
  }
  return stored;
}

Status check_state(const Engine& engine, const StoredState& stored) {
  if (stored.fingerprint != engine.fingerprint()) {
    return state_error(ErrorCode::mismatch, state_kind, "belongs to another model");
  }
  if (stored.carried.size() != carried_values(engine.architecture()) * sizeof(std::int16_t)) {
    return state_error(ErrorCode::wrong_shape, state_kind, "has another number of values than this model");
  }
  return engine.check_items(stored.history);
}

std::size_t stored_size(const UserState& state) noexcept {
  return state_envelope_bytes + values_at + state.carried().size_bytes() + state.history().size_bytes();
}

void export_state(const UserState& state, std::uint64_t fingerprint, std::span<std::byte> out) noexcept {
  const auto carried = std::as_bytes(state.carried());
  const auto remembered = std::as_bytes(state.history());
  std::byte* body = out.data() + state_header_bytes;
  store_le(body + events_at, state.events());
  store_le(body + count_at, static_cast<std::uint32_t>(state.carried().size()));
  store_le(body + history_count_at, static_cast<std::uint32_t>(state.history().size()));
  std::memcpy(body + values_at, carried.data(), carried.size());
  if (!remembered.empty()) std::memcpy(body + values_at + carried.size(), remembered.data(), remembered.size());
  seal_state(state_kind, state_kind.version, fingerprint, out);
}

}  // namespace sotto
