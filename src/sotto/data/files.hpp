// Whole files in and out. Writing is atomic: a crash or a kill at any moment leaves the old file or the new one.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace sotto::data {

// Errors name the file and the operating system's reason.
[[nodiscard]] Result<std::vector<std::byte>> read_file(const std::filesystem::path& file);

// Writes to a temporary sibling, flushes it to the disk and renames it over `file`; on failure removes it.
[[nodiscard]] Status write_file_atomically(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace sotto::data
