#include <sotto/app/peak_memory.hpp>
#include <sotto/serve/process_usage.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

namespace sotto::serve {
namespace {

double seconds_of(const timeval& time) noexcept {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// The second number of /proc/self/statm (proc(5)), in pages; 0 where it cannot be read.
std::uint64_t resident_pages() noexcept {
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen("/proc/self/statm", "re"));
  unsigned long long resident = 0;
  if (!file || std::fscanf(file.get(), "%*u %llu", &resident) != 1) return 0;
  return resident;
}

}  // namespace

ProcessUsage process_usage() noexcept {
  struct rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);  // cannot fail with these arguments
  const std::uint64_t resident = resident_pages() * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return {resident > 0 ? resident : app::peak_memory_bytes(), seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime)};
}

}  // namespace sotto::serve
