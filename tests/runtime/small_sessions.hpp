// Small networks, and the bytes of a session.
#pragma once

#include <sotto/model/spec.hpp>
#include <sotto/runtime/session.hpp>

#include <cstddef>
#include <vector>

namespace sotto::test {

inline constexpr Architecture small_softmax{23, 8, 8, 2, true, true, true, true};
inline constexpr Architecture small_binary{23, 5, 9, 2, false, false, false, false, HeadKind::binary};

inline std::vector<std::byte> state_of(const Session& session) {
  std::vector<std::byte> state(session.state_size());
  session.export_state(state);
  return state;
}

}  // namespace sotto::test
