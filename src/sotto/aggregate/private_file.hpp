// Small files that only their owner may read.
#pragma once

#include <sotto/base/result.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace sotto::aggregate {

// Fails with missing where there is none, with io, and with out_of_range for more than 1 MiB.
[[nodiscard]] Result<std::string> read_private_file(const std::filesystem::path& file);
// Fails with invalid_argument where others than the owner may read or write the file.
[[nodiscard]] Status check_private_mode(const std::filesystem::path& file);
// Makes the file, complete under its name or not at all. Its folder is made too. Fails with io, also where there is a
// file of that name.
[[nodiscard]] Status make_private_file(const std::filesystem::path& file, std::string_view text);

}  // namespace sotto::aggregate
