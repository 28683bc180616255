// A personal session fed arbitrary bytes as its stored state, under a checksum that fits: refused and unchanged, or
// taken over exactly, merged or carried over, and then able to learn.
#include "../support/random_model.hpp"

#include <sotto/base/hash.hpp>
#include <sotto/base/internal/bytes.hpp>
#include <sotto/personal/owning_personal_session.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace {

std::vector<std::byte> state_of(const sotto::PersonalSession& session) {
  std::vector<std::byte> state(session.state_size());
  session.export_state(state);
  return state;
}

const sotto::Engine& engine() {
  static const sotto::Engine made(sotto::test::random_fixed_model({13, 4, 4, 2, true, true}, 1), 0);
  return made;
}

// What the inputs are changed from, so that the fuzzer need not guess a state's whole layout.
std::vector<std::byte> learned_state() {
  sotto::OwningPersonalSession session(engine());
  for (std::uint32_t event = 0; event < 20; ++event) (void)session.observe(event % 5, 700 * event);
  (void)session.feedback(6, sotto::FeedbackKind::not_this, 0, 14'000);
  (void)session.feedback(7, sotto::FeedbackKind::impression, 0, 14'000);
  return state_of(session);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::byte> learned = learned_state();
  std::vector<std::byte> bytes = learned;
  // Pairs of a place and what is written there; then, with an odd size, the length.
  for (std::size_t i = 0; i + 3 <= size; i += 3) {
    bytes[(data[i] * 256U + data[i + 1]) % bytes.size()] = std::byte{data[i + 2]};
  }
  if (size % 3 == 1) bytes.resize(bytes.size() - data[size - 1] % bytes.size());
  if (bytes.size() >= 8) {
    sotto::store_le(bytes.data() + bytes.size() - 8, sotto::xxh64(std::span(bytes).first(bytes.size() - 8)));
  }
  sotto::OwningPersonalSession session(engine());
  const auto before = state_of(session);
  const bool accepted = session.import_state(bytes).ok();
  if (state_of(session) != (accepted ? bytes : before)) __builtin_trap();
  sotto::OwningPersonalSession other(engine());
  const bool merged = other.import_state(learned).ok() && other.merge_state(bytes).ok();
  if (accepted && !merged) __builtin_trap();
  static constexpr sotto::ItemPair pairs[] = {{0, 1}, {1, 0}, {3, 12}, {6, 6}, {4'000'000'000, 2}};
  if (accepted && !other.carry_over_state(bytes, pairs).ok()) __builtin_trap();
  for (std::uint32_t event = 0; event < 3; ++event) {
    if (!session.observe(event, 20'000 + event).ok()) __builtin_trap();
    if (!other.observe(event, 20'000 + event).ok()) __builtin_trap();
  }
  return 0;
}
