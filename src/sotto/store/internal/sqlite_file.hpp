// The file of a SQLite store before and while it is open: who has it, what it is, and how a new one comes to be.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/internal/durable_file.hpp>

#include <filesystem>

namespace sotto::store {

// Locks FILE.lock for this process as long as the descriptor is open; the system unlocks it when the process ends,
// however it ends. Fails with io where another process, or another store of this one, has it.
[[nodiscard]] Result<FileDescriptor> lock_sqlite_file(const std::filesystem::path& file);

// Makes the file, complete under its name or not at all, if there is none or an empty one. Looks at the header of one
// that exists, without changing it: fails with malformed where it is not Sotto's, and with unsupported_version where it
// is of a later version.
[[nodiscard]] Status make_or_recognize_sqlite_file(const std::filesystem::path& file);

}  // namespace sotto::store
