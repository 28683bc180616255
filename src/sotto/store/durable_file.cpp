#include <sotto/store/internal/durable_file.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace sotto::store {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (value_ >= 0) ::close(value_);
}

Error file_error(std::string_view doing, const std::filesystem::path& file) {
  return {ErrorCode::io, fmt::format("cannot {} '{}': {}", doing, file.string(), std::strerror(errno))};
}

Status write_all(const FileDescriptor& descriptor, std::string_view text, const std::filesystem::path& file) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor.get(), text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return file_error("write to", file);
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return Ok{};
}

Status sync_file(const std::filesystem::path& file) {
  const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.is_open()) return file_error("open", file);
  if (::fsync(descriptor.get()) != 0) return file_error("flush", file);
  return Ok{};
}

Status sync_folder_of(const std::filesystem::path& file) {
  const auto folder = folder_of(file);
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open()) return file_error("open", folder);
  if (::fsync(descriptor.get()) != 0) return file_error("flush", folder);
  return Ok{};
}

Status replace_file(const std::filesystem::path& file, std::string_view text) {
  auto temporary = file;
  temporary += ".new";
  const auto fill = [&]() -> Status {
    const FileDescriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!descriptor.is_open()) return file_error("create", temporary);
    if (auto written = write_all(descriptor, text, temporary); !written) return written;
    if (::fsync(descriptor.get()) != 0) return file_error("flush", temporary);
    if (::rename(temporary.c_str(), file.c_str()) != 0) return file_error("replace", file);
    return Ok{};
  };
  if (auto filled = fill(); !filled) {
    ::unlink(temporary.c_str());
    return filled;
  }
  return sync_folder_of(file);
}

Status rename_without_replacing(const std::filesystem::path& from, const std::filesystem::path& to) {
  // A link fails where the name is taken, on every file system that has links.
  if (::link(from.c_str(), to.c_str()) == 0) {
    ::unlink(from.c_str());
  } else if (errno != EPERM && errno != EOPNOTSUPP) {
    return file_error("create", to);
  } else if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    return file_error("create", to);
  }
  return sync_folder_of(to);
}

}  // namespace sotto::store
