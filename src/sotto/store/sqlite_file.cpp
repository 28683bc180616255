#include <sotto/store/internal/sqlite_file.hpp>

#include <sotto/store/internal/sqlite_connection.hpp>
#include <sotto/store/internal/sqlite_schema.hpp>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::store {
namespace {

// SQLite's file format, section 1.3 "The Database Header".
constexpr std::string_view header_magic("SQLite format 3\0", 16);
constexpr std::size_t header_size = 100;
constexpr std::size_t user_version_at = 60;
constexpr std::size_t application_id_at = 68;

std::filesystem::path beside(const std::filesystem::path& file, std::string_view ending) {
  auto other = file;
  other += ending;
  return other;
}

std::uint32_t big_endian_at(const std::array<char, header_size>& header, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(header[at + i]);
  return value;
}

Status fill_new_file(const std::filesystem::path& file) {
  {
    // The states of people are for the server alone. SQLite gives its other files the same permissions.
    const FileDescriptor empty(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!empty.is_open()) return file_error("create", file);
  }
  {
    auto connection = SqliteConnection::open(file);
    if (!connection) return std::move(connection).error();
    if (auto made = migrate_sqlite(**connection); !made) return made;
    if (auto logged = (*connection)->run("PRAGMA journal_mode = WAL"); !logged) return logged;
  }
  return sync_file(file);
}

Status make_file(const std::filesystem::path& file) {
  // SQLite would take what lies in such a log for the new file's content.
  for (const std::string_view ending : {"-wal", "-journal"}) {
    struct stat information{};
    const auto log = beside(file, ending);
    if (::stat(log.c_str(), &information) == 0 && information.st_size > 0)
      return Error{ErrorCode::malformed,
                   fmt::format("'{}' lies beside, but its database '{}' is not there; move it away to start anew",
                               log.string(), file.string())};
  }
  const auto unfinished = beside(file, ".new");
  for (const std::string_view ending : {"", "-wal", "-shm", "-journal"}) ::unlink(beside(unfinished, ending).c_str());
  if (auto filled = fill_new_file(unfinished); !filled) {
    for (const std::string_view ending : {"", "-wal", "-shm", "-journal"}) ::unlink(beside(unfinished, ending).c_str());
    return filled;
  }
  if (::rename(unfinished.c_str(), file.c_str()) != 0) return file_error("create", file);
  return sync_folder_of(file);
}

}  // namespace

Result<FileDescriptor> lock_sqlite_file(const std::filesystem::path& file) {
  const auto name = beside(file, ".lock");
  FileDescriptor lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.is_open()) return file_error("create", name);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return file_error("lock", name);
    return Error{ErrorCode::io, fmt::format("the SQLite file '{}' is in use by another process", file.string())};
  }
  return lock;
}

Status make_or_recognize_sqlite_file(const std::filesystem::path& file) {
  const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.is_open()) {
    if (errno == ENOENT) return make_file(file);
    return file_error("open", file);
  }
  struct stat information{};
  if (::fstat(descriptor.get(), &information) != 0) return file_error("read", file);
  if (!S_ISREG(information.st_mode)) return Error{ErrorCode::malformed, fmt::format("'{}' is no file", file.string())};
  if (information.st_size == 0) return make_file(file);

  std::array<char, header_size> header{};
  const ssize_t got = ::pread(descriptor.get(), header.data(), header.size(), 0);
  if (got < 0) return file_error("read", file);
  if (got < static_cast<ssize_t>(header_size) || std::string_view(header.data(), header_magic.size()) != header_magic)
    return Error{ErrorCode::malformed, fmt::format("'{}' is no SQLite file", file.string())};
  if (big_endian_at(header, application_id_at) != static_cast<std::uint32_t>(sqlite_application_id))
    return Error{ErrorCode::malformed, fmt::format("'{}' is a SQLite file of another program", file.string())};
  const auto version = big_endian_at(header, user_version_at);
  if (version > sqlite_steps().size())
    return Error{ErrorCode::unsupported_version,
                 fmt::format("the tables of '{}' have version {}; this build knows versions up to {}", file.string(),
                             version, sqlite_steps().size())};
  return Ok{};
}

}  // namespace sotto::store
