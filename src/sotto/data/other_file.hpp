// Files that people hand over as logs and that are something else. They are recognized by their first bytes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace sotto::data {

// What the file is and what makes a log of it, as a phrase. `name` is the file's name in the advice. Empty if the bytes
// may begin a log.
[[nodiscard]] std::optional<std::string> describe_other_file(std::span<const std::byte> beginning,
                                                             const std::string& name);

// The same for a folder.
[[nodiscard]] std::string describe_folder(const std::filesystem::path& folder);

}  // namespace sotto::data
