// Marks what may be known to everybody, for the constant-time check.
//
// That check (tests/privacy/constant_time) runs under valgrind's memcheck with secrets marked as undefined memory, so
// that memcheck reports each branch and each address that depends on a secret. What is public although it was computed
// from secrets is declassified at the place that explains why.
#pragma once

#if defined(SOTTO_CONSTANT_TIME_CHECK)
#include <valgrind/memcheck.h>
#endif

namespace sotto::privacy {

template <class T>
[[nodiscard]] T declassified(T value) noexcept {
#if defined(SOTTO_CONSTANT_TIME_CHECK)
  VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
#endif
  return value;
}

}  // namespace sotto::privacy
