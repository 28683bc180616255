// The users in a fixed number of parts. A part is the work of one thread at a time, and the sums of all parts are added
// in order, so that no result depends on the number of threads.
#pragma once

#include <cstddef>

namespace sotto::simulate {

inline constexpr std::size_t number_of_parts = 16;

// Places begin … end - 1.
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
};

[[nodiscard]] inline Part part_of(std::size_t users, std::size_t part) noexcept {
  return {users * part / number_of_parts, users * (part + 1) / number_of_parts};
}

}  // namespace sotto::simulate
