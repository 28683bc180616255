// A table of columns in memory, read as the rows of a log: what a host such as Python has in a data frame.
#pragma once

#include <sotto/data/table_reader.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace sotto::data {

// A value that is not there reads as an empty text.
inline constexpr std::int32_t missing_text = -1;
inline constexpr std::int64_t missing_integer = std::numeric_limits<std::int64_t>::min();

struct TextValues {
  std::vector<std::string> texts;
  std::span<const std::int32_t> places;  // one for each row: index into `texts`, or missing_text
};
struct IntegerValues {
  std::span<const std::int64_t> values;  // missing_integer: not there
};
struct RealValues {
  std::span<const double> values;  // NaN: not there
};
struct MomentValues {
  std::span<const std::int64_t> milliseconds;  // since 1970; missing_integer: not there
};

struct NamedColumn {
  std::string name;
  std::variant<TextValues, IntegerValues, RealValues, MomentValues> values;
};

// The rows of the columns, which must outlive the reader. The first row has the line 1. Numbers read as decimal text,
// and moments as seconds since 1970. Fails where the columns differ in length, where an index is out of range, and
// where a required column is missing.
[[nodiscard]] Result<std::unique_ptr<TableReader>> open_columns(std::span<const NamedColumn> table, std::string name,
                                                                const std::vector<WantedColumn>& wanted);

}  // namespace sotto::data
