#include <sotto/serve/mapped_file.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::serve {
namespace {

Error mapping_error(const std::filesystem::path& file, int number) {
  return {ErrorCode::io, fmt::format("cannot read '{}': {}", file.string(), std::strerror(number))};
}

struct Mapping {
  Mapping(void* mapped, std::size_t mapped_size) noexcept : start(mapped), size(mapped_size) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { ::munmap(start, size); }

  void* start;
  std::size_t size;
};

}  // namespace

Result<http::SharedBytes> map_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return mapping_error(file, errno);
  struct stat information{};
  int failure = ::fstat(descriptor, &information) == 0 ? 0 : errno;
  if (failure == 0 && !S_ISREG(information.st_mode)) failure = EINVAL;
  const auto size = static_cast<std::size_t>(information.st_size);
  void* start = MAP_FAILED;
  if (failure == 0 && size > 0) {
    start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (start == MAP_FAILED) failure = errno;
  }
  ::close(descriptor);
  if (failure != 0) return mapping_error(file, failure);
  if (size == 0) return Error{ErrorCode::truncated, fmt::format("'{}' is empty", file.string())};
  auto mapping = std::make_shared<const Mapping>(start, size);
  const std::span bytes(static_cast<const std::byte*>(start), size);
  return http::SharedBytes{std::move(mapping), bytes};
}

}  // namespace sotto::serve
