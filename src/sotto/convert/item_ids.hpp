// The vocabulary that belongs to somebody else's model: which item each row of the embedding stands for.
#pragma once

#include <sotto/base/result.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace sotto::convert {

// The column item_id of a CSV file with a header row, or a file of one id per line; plain or gzip, UTF-8. Empty lines
// are passed over. Errors name the file and the line.
[[nodiscard]] Result<std::vector<std::string>> read_item_ids(const std::filesystem::path& file);

}  // namespace sotto::convert
