// Reads JSON Lines, with one object in each line. The object's top-level fields are the columns. Text and numbers are
// values as they are written. null is a missing value. A list of values is joined with commas. Empty lines are skipped.
#pragma once

#include <sotto/data/line_reader.hpp>
#include <sotto/data/table_reader.hpp>

#include <memory>
#include <string>
#include <vector>

namespace sotto::data {

// A line is refused if it is not an object, or if a requested column holds true, false or an object. Reading continues
// with the next line. The longest line has TextBuffer::max_row_bytes.
class JsonlTable final : public TableReader {
 public:
  JsonlTable(std::unique_ptr<ByteSource> source, std::string name, const std::vector<WantedColumn>& columns);

  [[nodiscard]] Result<RowState> next() override;
  [[nodiscard]] bool may_have(std::size_t) const override { return true; }

 private:
  [[nodiscard]] RowState read_object(const char* begin, const char* end);

  LineReader lines_;
  std::vector<std::string> columns_;
  std::vector<std::string> texts_;  // the texts of values_
};

}  // namespace sotto::data
