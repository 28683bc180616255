#include <sotto/aggregate/private_file.hpp>

#include <sotto/store/internal/durable_file.hpp>

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::aggregate {
namespace {

constexpr std::size_t max_private_file = std::size_t{1} << 20;

}  // namespace

Result<std::string> read_private_file(const std::filesystem::path& file) {
  const store::FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.is_open()) {
    const bool is_missing = errno == ENOENT;
    Error error = store::file_error("open", file);
    if (is_missing) error.code = ErrorCode::missing;
    return error;
  }
  std::string text;
  std::array<char, 4096> part{};
  while (true) {
    const ssize_t got = ::read(opened.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return store::file_error("read", file);
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > max_private_file) {
      return Error{ErrorCode::out_of_range, "'" + file.string() + "' has more than 1 MiB"};
    }
  }
}

Status check_private_mode(const std::filesystem::path& file) {
  struct stat facts{};
  if (::stat(file.c_str(), &facts) != 0) return store::file_error("examine", file);
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
  const auto make = [&]() -> Status {
    const store::FileDescriptor opened(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!opened.is_open()) return store::file_error("create", unfinished);
    if (auto written = store::write_all(opened, text, unfinished); !written) return written;
    if (::fsync(opened.get()) != 0) return store::file_error("flush", unfinished);
    return store::rename_without_replacing(unfinished, file);
  };
  auto made = make();
  if (!made) ::unlink(unfinished.c_str());
  return made;
}

}  // namespace sotto::aggregate
