// Reads the vocabulary of an imported model: the item of each row of the embedding.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/rounded_ids.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace sotto::convert {

// Reads the column item_id of a CSV file with a header row, or a file with one id on each line. The file is UTF-8,
// plain or gzip. Empty lines are skipped. Errors name the file and the line. `rounded` gets the ids that a spreadsheet
// has rounded.
[[nodiscard]] Result<std::vector<std::string>> read_item_ids(const std::filesystem::path& file,
                                                             data::RoundedIds& rounded);

}  // namespace sotto::convert
