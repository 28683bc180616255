#include <sotto/data/file_reading.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <cstddef>

namespace sotto::data {
namespace {

void append(std::string& list, const std::string& part) { list += (list.empty() ? "" : ", ") + part; }

bool is_usual_layout(const FileReading& file) {
  const TableReading& table = file.table;
  const bool usual_delimiter = table.delimiter == Delimiter(',') || table.delimiter == Delimiter('\t');
  return file.name_agrees && table.has_header && !table.is_utf16 && usual_delimiter;
}

std::string other_columns(const FileReading& file) {
  std::string list;
  for (std::size_t i = 0; i < file.wanted.size(); ++i) {
    if (file.columns[i] != file.wanted[i])
      append(list, fmt::format("{} is {}", file.wanted[i], in_quotes(file.columns[i])));
  }
  return list;
}

}  // namespace

std::string layout_in_words(const FileReading& file) {
  const TableReading& table = file.table;
  std::string words;
  switch (table.format) {
    case TableFormat::csv:
    case TableFormat::tsv: words = "fields between " + table.delimiter.in_words(); break;
    case TableFormat::jsonl: words = "JSON Lines"; break;
    case TableFormat::json: words = "JSON objects"; break;
  }
  if (!table.has_header) append(words, "no header row");
  if (table.is_utf16) append(words, "UTF-16");
  return words;
}

std::string times_in_words(const TimeReading& times) {
  std::string words;
  if (times.dates > 0) words = "ISO 8601";
  if (times.numbers > 0) {
    append(words, times.unit == TimeUnit::date_digits ? "dates written as digits (YYYYMMDDhhmmss)"
                                                      : fmt::format("{} since 1970", time_unit_name(times.unit)));
  }
  if (times.numbers_in_other_units > 0)
    words += fmt::format(" ({} of {} in another unit, by their size)", times.numbers_in_other_units, times.numbers);
  return words;
}

std::string surprises_in_words(const FileReading& file) {
  std::string words;
  if (!is_usual_layout(file)) append(words, layout_in_words(file));
  if (const std::string columns = other_columns(file); !columns.empty()) append(words, columns);
  const bool usual_times =
      (file.times.numbers == 0 || file.times.unit == TimeUnit::seconds) && file.times.numbers_in_other_units == 0;
  if (!usual_times) append(words, "times in " + times_in_words(file.times));
  return words;
}

}  // namespace sotto::data
