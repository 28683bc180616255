// How a file of a log was read: what was recognized in it, for the one who must be able to object.
#pragma once

#include <sotto/data/table_reader.hpp>
#include <sotto/data/time_column.hpp>

#include <string>
#include <vector>

namespace sotto::data {

struct FileReading {
  std::string name;
  TableReading table;
  TimeReading times;
  std::vector<std::string> wanted;   // the names of the columns that were asked for
  std::vector<std::string> columns;  // the names of those that were taken, in the same order
  std::vector<std::vector<std::string>> other_columns = {};  // for each of them, others under a usual name
  bool name_agrees = true;           // the file's extension names its format, or none
};

// "fields between semicolons, no header row, UTF-16".
[[nodiscard]] std::string layout_in_words(const FileReading& file);
// "ISO 8601", "milliseconds since 1970", …
[[nodiscard]] std::string times_in_words(const TimeReading& times);
// What is not as one would expect, for one line: the layout, columns under other names and times that are not in
// seconds.
// "" for a file with the columns that were asked for, commas or tabs as its name says, and times in seconds or ISO
// 8601.
[[nodiscard]] std::string surprises_in_words(const FileReading& file);

}  // namespace sotto::data
