#include <sotto/data/csv_header.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace sotto::data {

Result<CsvHeader> CsvHeader::read(CsvReader& reader) {
  auto row = reader.next_row();
  if (!row) return std::move(row).error();
  if (row->empty()) {
    return Error{ErrorCode::truncated,
                 fmt::format("{}: the file is empty; expected a header row with the columns' names", reader.name())};
  }
  std::vector<std::string> names;
  for (const std::string_view name : *row) {
    if (!is_utf8(name)) {
      return Error{ErrorCode::malformed,
                   fmt::format("{}:{}: the header is not UTF-8 text; export the log as CSV in UTF-8", reader.name(),
                               reader.line())};
    }
    if (std::ranges::find(names, name) != names.end()) {
      return Error{ErrorCode::malformed, fmt::format("{}:{}: there are two columns {}; rename or remove one",
                                                     reader.name(), reader.line(), in_quotes(name))};
    }
    names.emplace_back(name);
  }
  return CsvHeader(reader.name(), std::move(names));
}

std::optional<std::size_t> CsvHeader::find(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

Result<std::size_t> CsvHeader::require(std::string_view name) const {
  if (const auto column = find(name)) return *column;
  constexpr std::size_t most_to_list = 20;
  std::string list;
  for (std::size_t i = 0; i < std::min(names_.size(), most_to_list); ++i) {
    list += (i == 0 ? "" : ", ") + in_quotes(names_[i]);
  }
  if (names_.size() > most_to_list) list += fmt::format(" and {} more", names_.size() - most_to_list);
  return Error{ErrorCode::missing, fmt::format("{}: no column {}; the file has {}: name the column to use, or add a "
                                               "header row",
                                               file_, in_quotes(name), list)};
}

}  // namespace sotto::data
