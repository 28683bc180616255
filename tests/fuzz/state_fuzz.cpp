// A session fed arbitrary bytes as its stored state: refused and unchanged, or taken over exactly.
#include "../support/random_model.hpp"

#include <sotto/runtime/owning_session.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const sotto::Engine engine(sotto::test::random_fixed_model({13, 4, 4, 2, true, true}, 1), 0);
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
  sotto::OwningSession session(engine);
  std::vector<std::byte> before(session.state_size());
  session.export_state(before);
  const bool accepted = session.import_state(bytes).ok();
  std::vector<std::byte> after(session.state_size());
  session.export_state(after);
  if (!std::ranges::equal(after, accepted ? bytes : std::span<const std::byte>(before))) __builtin_trap();
  return 0;
}
