#include <sotto/app/peak_memory.hpp>

#include <sys/resource.h>

namespace sotto::app {
namespace {

// ru_maxrss is in bytes on Apple's systems and in KiB elsewhere.
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

}  // namespace sotto::app
