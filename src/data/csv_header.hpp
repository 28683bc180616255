// Columns by the names in a CSV's first row.
#pragma once

#include <sotto/data/csv_reader.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

class CsvHeader {
 public:
  // Takes the reader's first row. Column names must be UTF-8 and unique.
  [[nodiscard]] static Result<CsvHeader> read(CsvReader& reader);

  [[nodiscard]] std::size_t columns() const noexcept { return names_.size(); }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  // find(), with an error that says which columns there are.
  [[nodiscard]] Result<std::size_t> require(std::string_view name) const;

 private:
  CsvHeader(std::string file, std::vector<std::string> names) : file_(std::move(file)), names_(std::move(names)) {}

  std::string file_;
  std::vector<std::string> names_;
};

}  // namespace sotto::data
