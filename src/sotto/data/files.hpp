// Reads and writes whole files. Writing is atomic: after a crash or a kill at any moment, the old file or the new one
// exists.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace sotto::data {

// Errors name the file and the operating system's reason.
[[nodiscard]] Result<std::vector<std::byte>> read_file(const std::filesystem::path& file);

// The name that `file` leads to through symbolic links, whether it exists or not. At most 40 links are followed.
[[nodiscard]] std::filesystem::path without_links(const std::filesystem::path& file);

// Writes to a temporary file in the same folder, flushes it to the disk and renames it to `file`. On failure it removes
// the temporary file. A link stays, and what it leads to is replaced. A device or a pipe cannot be replaced: its bytes
// are written through.
[[nodiscard]] Status write_file_atomically(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace sotto::data
