#include <sotto/aggregate/private_file.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::aggregate {
namespace {

constexpr std::size_t max_private_file = std::size_t{1} << 20;

class OpenFile {
 public:
  explicit OpenFile(int descriptor) noexcept : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

Error private_file_error(std::string_view doing, const std::filesystem::path& file) {
  return {ErrorCode::io, "cannot " + std::string(doing) + " '" + file.string() + "': " + std::strerror(errno)};
}

Status write_and_sync(int descriptor, std::string_view text, const std::filesystem::path& file) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return private_file_error("write", file);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return private_file_error("write", file);
  return Ok{};
}

}  // namespace

Result<std::string> read_private_file(const std::filesystem::path& file) {
  const OpenFile opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0) {
    Error error = private_file_error("open", file);
    if (errno == ENOENT) error.code = ErrorCode::missing;
    return error;
  }
  std::string text;
  std::array<char, 4096> part{};
  while (true) {
    const ssize_t got = ::read(opened.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return private_file_error("read", file);
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > max_private_file) {
      return Error{ErrorCode::out_of_range, "'" + file.string() + "' has more than 1 MiB"};
    }
  }
}

Status check_private_mode(const std::filesystem::path& file) {
  struct stat facts{};
  if (::stat(file.c_str(), &facts) != 0) return private_file_error("examine", file);
  constexpr mode_t others = S_IRWXG | S_IRWXO;
  if ((facts.st_mode & others) == 0) return Ok{};
  const std::string name = "'" + file.string() + "'";
  return Error{ErrorCode::invalid_argument,
               name + " has secret keys, and others than its owner may use it: run chmod 600 " + name};
}

Status make_private_file(const std::filesystem::path& file, std::string_view text) {
  std::error_code failure;
  std::filesystem::create_directories(file.parent_path(), failure);
  auto unfinished = file;
  unfinished += "." + std::to_string(::getpid()) + ".new";
  ::unlink(unfinished.c_str());
  {
    const OpenFile opened(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (opened.get() < 0) return private_file_error("create", unfinished);
    if (auto written = write_and_sync(opened.get(), text, unfinished); !written) {
      ::unlink(unfinished.c_str());
      return written;
    }
  }
  // A link never replaces a file, as a rename would.
  if (::link(unfinished.c_str(), file.c_str()) != 0) {
    Error error = private_file_error("create", file);
    ::unlink(unfinished.c_str());
    return error;
  }
  ::unlink(unfinished.c_str());
  const OpenFile folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) return private_file_error("create", file);
  return Ok{};
}

}  // namespace sotto::aggregate
