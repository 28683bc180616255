// Finds out how a table of fields is laid out: what stands between fields, and whether its first row names the columns.
#pragma once

#include <sotto/data/delimiter.hpp>
#include <sotto/data/table_reader.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace sotto::data {

struct TableLayout {
  Delimiter delimiter = ',';
  bool names_delimiter = false;  // the first line says what the delimiter is, "sep=;"
  bool has_header = true;
};

// `beginning` is the start of the text; the last line may be incomplete unless `whole`. The delimiter is the given one,
// else the one in a line "sep=;", else the one that makes a header with the wanted columns, or the same number of
// fields in each row. A first row is data if none of the wanted columns is in it and one of its fields is a number or a
// time.
[[nodiscard]] TableLayout find_layout(std::string_view beginning, bool whole, std::optional<Delimiter> given,
                                      const std::vector<WantedColumn>& columns);

}  // namespace sotto::data
