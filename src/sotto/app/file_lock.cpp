#include <sotto/app/file_lock.hpp>
#include <sotto/data/files.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::app {
namespace {

Error not_a_lock(const std::filesystem::path& lock) {
  return {ErrorCode::invalid_argument,
          fmt::format("'{}' exists and is not a lock of sotto, which is an empty file; move it away, or name another "
                      "output",
                      lock.string())};
}

bool can_be_lock(const struct stat& information) noexcept {
  return S_ISREG(information.st_mode) && information.st_size == 0;
}

}  // namespace

std::filesystem::path FileLock::beside(const std::filesystem::path& file) {
  std::filesystem::path lock = data::without_links(file);
  lock += ".lock";
  return lock;
}

Status FileLock::check(const std::filesystem::path& lock) {
  struct stat information{};
  if (::lstat(lock.c_str(), &information) == 0 && !can_be_lock(information)) return not_a_lock(lock);
  return Ok{};
}

Result<FileLock> FileLock::take(const std::filesystem::path& file) {
  const std::filesystem::path lock = beside(file);
  const auto failure = [&](std::string_view doing) {
    return Error{ErrorCode::io, fmt::format("cannot {} '{}': {}", doing, lock.string(), std::strerror(errno))};
  };
  while (true) {
    // Before the opening, because even that may do something to a device.
    if (auto free = check(lock); !free) return std::move(free).error();
    const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0) return failure("create");
    FileLock taken(lock, descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const bool is_held = errno == EWOULDBLOCK;
      Error error = is_held ? Error{ErrorCode::io,
                                    fmt::format("'{}' is being written by another run of sotto; wait for it, or name "
                                                "another file",
                                                file.string())}
                            : failure("lock");
      taken.file_.clear();  // it is another run's
      return error;
    }
    // The run before may have removed the file between the opening and the locking.
    struct stat opened{};
    struct stat named{};
    if (::fstat(descriptor, &opened) == 0 && ::lstat(lock.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
        opened.st_dev == named.st_dev && can_be_lock(opened)) {
      return taken;
    }
    taken.file_.clear();  // it is another file by now
  }
}

FileLock::FileLock(std::filesystem::path file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}

FileLock::FileLock(FileLock&& other) noexcept
    : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)) {
  other.file_.clear();
}

FileLock::~FileLock() {
  if (!file_.empty()) ::unlink(file_.c_str());
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace sotto::app
