#include <sotto/convert/item_ids.hpp>
#include <sotto/data/csv_reader.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace sotto::convert {
namespace {

constexpr std::string_view id_column = "item_id";

}  // namespace

Result<std::vector<std::string>> read_item_ids(const std::filesystem::path& file, data::RoundedIds& rounded) {
  auto source = data::open_log_source(file);
  if (!source) return std::move(source).error();
  data::CsvReader reader(std::move(*source), file.string());
  const auto refuse = [&](const std::string& what) {
    return Error{ErrorCode::malformed, fmt::format("{}:{}: {}", file.string(), reader.line(), what)};
  };
  std::vector<std::string> ids;
  std::size_t columns = 0;
  std::size_t column = 0;
  while (true) {
    auto state = reader.next();
    if (!state) return std::move(state).error();
    if (*state == data::RowState::end) return ids;
    if (*state == data::RowState::refused) return refuse(reader.refusal());
    const auto row = reader.fields();
    if (columns == 0) {
      columns = row.size();
      const auto named = std::ranges::find(row, id_column);
      if (named == row.end() && columns > 1) {
        return refuse(
            fmt::format("{} columns and none called '{}'; name the one with the ids so, or write one id per "
                        "line",
                        columns, id_column));
      }
      if (named != row.end()) {
        column = static_cast<std::size_t>(named - row.begin());
        continue;
      }
    }
    if (row.size() != columns) {
      return refuse(fmt::format("the row has {} fields, the first has {}", row.size(), columns));
    }
    const std::string_view id = row[column];
    if (id.size() > data::max_id_bytes || !data::is_utf8(id)) {
      return refuse(fmt::format("the id is {}, expected UTF-8 text of at most {} bytes", data::in_quotes(id),
                                data::max_id_bytes));
    }
    rounded.look_at(id, file.string(), reader.line());
    ids.emplace_back(id);
  }
}

}  // namespace sotto::convert
