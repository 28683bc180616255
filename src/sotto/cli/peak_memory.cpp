#include <sotto/cli/peak_memory.hpp>

#include <sys/resource.h>

namespace sotto::cli {
namespace {

// The unit of ru_maxrss is the system's own.
#ifdef __APPLE__
constexpr std::uint64_t unit_bytes = 1;
#else
constexpr std::uint64_t unit_bytes = 1024;
#endif

}  // namespace

std::uint64_t peak_memory_bytes() noexcept {
  struct rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);  // cannot fail with these arguments
  return static_cast<std::uint64_t>(usage.ru_maxrss) * unit_bytes;
}

}  // namespace sotto::cli
