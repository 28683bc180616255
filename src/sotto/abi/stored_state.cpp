// A user's state as bytes: exported, imported, merged, carried over to another version of the model.
#include <sotto/abi/border.hpp>

#include <sotto/personal/internal/stored_personal_state.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace sotto::abi;

namespace {

// Precondition: not NULL, unless the size is 0.
std::span<const std::byte> bytes_of(const void* bytes, std::size_t size) noexcept {
  return {static_cast<const std::byte*>(bytes), size};
}

std::int32_t check_bytes(const void* bytes, std::size_t size) {
  return size == 0 ? SOTTO_OK : check_given(bytes, "bytes");
}

}  // namespace

std::int32_t sotto_state_export(const sotto_user* user, void* bytes, std::size_t size) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  const std::size_t needed = sotto::stored_size(user->value);
  if (const auto refused = check_room(bytes, size, needed, "bytes"); refused != SOTTO_OK) return refused;
  sotto::export_state(user->value, user->opened->engine().fingerprint(), {static_cast<std::byte*>(bytes), needed});
  return static_cast<std::int32_t>(needed);
}

std::int32_t sotto_state_import(sotto_user* user, sotto_workspace* workspace, const void* bytes, std::size_t size) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  if (const auto refused = check_bytes(bytes, size); refused != SOTTO_OK) return refused;
  return result_of(session_of(*user, *workspace).import_state(bytes_of(bytes, size)));
}

std::int32_t sotto_state_merge(sotto_user* user, sotto_workspace* workspace, const void* bytes, std::size_t size) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  if (const auto refused = check_bytes(bytes, size); refused != SOTTO_OK) return refused;
  return result_of(session_of(*user, *workspace).merge_state(bytes_of(bytes, size)));
}

std::int32_t sotto_state_carry_over(sotto_user* user, sotto_workspace* workspace, const void* bytes, std::size_t size,
                                    const sotto_item_pair* pairs, std::uint32_t count) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  if (const auto refused = check_bytes(bytes, size); refused != SOTTO_OK) return refused;
  if (const auto refused = check_array(pairs, count, "pairs"); refused != SOTTO_OK) return refused;
  std::vector<sotto::ItemPair> known(count);
  std::ranges::transform(span_of(pairs, count), known.begin(),
                         [](const sotto_item_pair& pair) { return sotto::ItemPair{pair.theirs, pair.ours}; });
  return result_of(session_of(*user, *workspace).carry_over_state(bytes_of(bytes, size), known));
}

std::int32_t sotto_relearn(sotto_user* user, sotto_workspace* workspace, std::uint32_t events) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  return static_cast<std::int32_t>(session_of(*user, *workspace).relearn(events));
}
