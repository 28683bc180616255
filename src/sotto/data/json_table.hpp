// Reads tables of JSON objects: one in each line (JSON Lines), or in an array or one after the other (JSON).
#pragma once

#include <sotto/data/json_objects.hpp>
#include <sotto/data/json_rows.hpp>
#include <sotto/data/line_reader.hpp>
#include <sotto/data/table_reader.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sotto::data {

// The paths to the values in the text's first objects, "user.id" or "events[].aid", in the order of their appearance.
// At most 60.
[[nodiscard]] std::vector<std::string> json_fields(std::string_view beginning);

// An object is refused if a wanted field holds true, false or an object; reading continues with the next one. The
// longest has TextBuffer::max_row_bytes. If a required field is in none of the first 1,000 objects, that is an error
// that names the fields that there are.
class JsonTable final : public TableReader {
 public:
  // `fields` is what json_fields found. `columns` have the names of fields.
  [[nodiscard]] static Result<std::unique_ptr<TableReader>> open(std::unique_ptr<ByteSource> source, std::string name,
                                                                 TableFormat format,
                                                                 const std::vector<WantedColumn>& columns,
                                                                 std::vector<std::string> fields);

  [[nodiscard]] Result<RowState> next() override;
  [[nodiscard]] bool may_have(std::size_t) const override { return true; }

 private:
  JsonTable(std::unique_ptr<ByteSource> source, std::string name, TableFormat format,
            const std::vector<WantedColumn>& columns, std::vector<std::string> fields, JsonRows rows);

  // Finds the next object's text, or refuses.
  [[nodiscard]] Result<RowState> next_object(std::string_view& object);
  [[nodiscard]] Result<RowState> next_line(LineReader& lines, std::string_view& object);
  [[nodiscard]] Status check_fields() const;

  std::variant<LineReader, JsonObjects> text_;
  std::vector<WantedColumn> columns_;
  std::vector<std::string> fields_;
  JsonRows rows_;
  std::size_t objects_ = 0;
  std::size_t row_ = 0;  // the next row of the present object
  bool has_object_ = false;
};

}  // namespace sotto::data
