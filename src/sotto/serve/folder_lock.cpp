#include <sotto/serve/folder_lock.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace sotto::serve {

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / ".lock";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor >= 0) {
    FolderLock lock(descriptor);
    int taken = -1;
    do {
      taken = ::flock(descriptor, LOCK_EX);
    } while (taken != 0 && errno == EINTR);
    if (taken == 0) return lock;
  }
  return Error{ErrorCode::io, fmt::format("cannot lock '{}': {}", file.string(), std::strerror(errno))};
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace sotto::serve
