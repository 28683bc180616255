#include <sotto/data/files.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::data {
namespace {

Error io_error(std::string_view doing, const std::filesystem::path& file) {
  return {ErrorCode::io, fmt::format("cannot {} '{}': {}", doing, file.string(), std::strerror(errno))};
}

// Owns a file descriptor. -1 means that there is none.
class Descriptor {
 public:
  explicit Descriptor(int value) noexcept : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const noexcept { return value_; }
  // Closes the file now, so that a late write error is seen. Network file systems report a full disk only here.
  [[nodiscard]] bool close() noexcept { return ::close(std::exchange(value_, -1)) == 0; }

 private:
  int value_;
};

// Returns false, with errno, when a write failed.
bool write_all(int descriptor, std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

Status write_through(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (descriptor.get() < 0) return io_error("open", file);
  if (!write_all(descriptor.get(), bytes) || !descriptor.close()) return io_error("write", file);
  return Ok{};
}

// mkstemp makes files private. A model file gets the permissions of any new file.
mode_t permissions_of_new_files() noexcept {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return static_cast<mode_t>(0666) & ~mask;
}

}  // namespace

Result<std::vector<std::byte>> read_file(const std::filesystem::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) return io_error("open", file);
  struct stat information{};
  if (::fstat(descriptor.get(), &information) != 0) return io_error("read", file);
  if (S_ISDIR(information.st_mode))
    return Error{ErrorCode::io, fmt::format("'{}' is a folder, not a file", file.string())};

  std::vector<std::byte> bytes(static_cast<std::size_t>(information.st_size));
  std::size_t filled = 0;
  while (true) {
    // The size of a pipe is unknown, and a file may grow while it is read.
    if (filled == bytes.size()) bytes.resize(bytes.size() + 65536);
    const ssize_t got = ::read(descriptor.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0) {
      if (errno == EINTR) continue;
      return io_error("read", file);
    }
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

std::filesystem::path without_links(const std::filesystem::path& file) {
  std::filesystem::path place = file;
  constexpr int max_links = 40;  // as Linux
  for (int n = 0; n < max_links; ++n) {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::read_symlink(place, error);
    if (error) break;  // not a link
    place = target.is_absolute() ? target : place.parent_path() / target;
  }
  return place;
}

Status write_file_atomically(const std::filesystem::path& name, std::span<const std::byte> bytes) {
  struct stat information{};
  if (::stat(name.c_str(), &information) == 0 && !S_ISREG(information.st_mode) && !S_ISDIR(information.st_mode)) {
    return write_through(name, bytes);
  }
  const std::filesystem::path file = without_links(name);
  std::string temporary = file.string() + ".XXXXXX";
  Descriptor descriptor(::mkstemp(temporary.data()));
  if (descriptor.get() < 0) return io_error("create a file beside", file);

  const bool written = write_all(descriptor.get(), bytes) &&
                       ::fchmod(descriptor.get(), permissions_of_new_files()) == 0 && ::fsync(descriptor.get()) == 0 &&
                       descriptor.close() && ::rename(temporary.c_str(), file.c_str()) == 0;
  if (!written) {
    Error error = io_error("write", file);
    ::unlink(temporary.c_str());
    return error;
  }

  // The rename itself reaches the disk with the folder. If the folder cannot be flushed, the file still exists.
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const Descriptor folder_descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder_descriptor.get() >= 0) ::fsync(folder_descriptor.get());
  return Ok{};
}

}  // namespace sotto::data
