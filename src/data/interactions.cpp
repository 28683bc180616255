#include <sotto/data/csv_header.hpp>
#include <sotto/data/csv_reader.hpp>
#include <sotto/data/id_dictionary.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/data/text.hpp>
#include <sotto/data/timestamp.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace sotto::data {
namespace {

struct Columns {
  std::size_t user;
  std::size_t item;
  std::size_t timestamp;
  std::size_t count;
};

Result<Columns> find_columns(const CsvHeader& header, const ReadOptions& options) {
  auto user = header.require(options.user_column);
  if (!user) return std::move(user).error();
  auto item = header.require(options.item_column);
  if (!item) return std::move(item).error();
  auto timestamp = header.require(options.timestamp_column);
  if (!timestamp) return std::move(timestamp).error();
  return Columns{*user, *item, *timestamp, header.columns()};
}

// What is wrong with a row, as a phrase; nothing when it is good.
std::optional<std::string> refusal_of_id(std::string_view id, std::string_view column) {
  if (id.empty()) return fmt::format("column {} is empty, expected an id", in_quotes(column));
  if (id.size() > max_id_bytes) {
    return fmt::format("column {} is {}, expected an id of at most {} bytes, this one has {}", in_quotes(column),
                       in_quotes(id), max_id_bytes, id.size());
  }
  if (!is_utf8(id)) return fmt::format("column {} is {}, expected UTF-8 text", in_quotes(column), in_quotes(id));
  return std::nullopt;
}

// Events as they come in the file, before they are grouped.
struct Row {
  std::uint32_t user;
  ItemIndex item;
  std::int64_t timestamp_ms;
};

constexpr std::int64_t floor_to_seconds(std::int64_t ms) noexcept { return ms >= 0 ? ms / 1000 : -((999 - ms) / 1000); }

// A counting sort by user, then a stable sort of each user's events by time.
void group_by_user(std::vector<Row> rows, Interactions& log) {
  log.user_begin.assign(log.user_ids.size() + 1, 0);
  for (const Row& row : rows) ++log.user_begin[row.user + 1];
  std::partial_sum(log.user_begin.begin(), log.user_begin.end(), log.user_begin.begin());

  log.item.resize(rows.size());
  log.timestamp.resize(rows.size());
  std::vector<std::size_t> next(log.user_begin.begin(), log.user_begin.end() - 1);
  for (const Row& row : rows) {
    const std::size_t place = next[row.user]++;
    log.item[place] = row.item;
    log.timestamp[place] = row.timestamp_ms;
  }
  rows = {};

  std::vector<std::pair<std::int64_t, ItemIndex>> events;
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t begin = log.user_begin[user];
    const std::size_t count = log.user_begin[user + 1] - begin;
    const auto times = std::span(log.timestamp).subspan(begin, count);
    if (std::ranges::is_sorted(times)) continue;
    const auto items = std::span(log.item).subspan(begin, count);
    events.resize(count);
    for (std::size_t i = 0; i < count; ++i) events[i] = {times[i], items[i]};
    std::ranges::stable_sort(events, {}, &std::pair<std::int64_t, ItemIndex>::first);
    for (std::size_t i = 0; i < count; ++i) std::tie(times[i], items[i]) = events[i];
  }
  for (std::int64_t& time : log.timestamp) time = floor_to_seconds(time);
}

}  // namespace

Result<Interactions> parse_interactions(ByteSource& source, const std::string& name, const ReadOptions& options,
                                        ReadReport& report) {
  report = {};
  CsvReader reader(source, name);
  auto header = CsvHeader::read(reader);
  if (!header) return std::move(header).error();
  auto columns = find_columns(*header, options);
  if (!columns) return std::move(columns).error();

  IdDictionary users;
  IdDictionary items;
  std::vector<Row> rows;
  while (true) {
    auto fields = reader.next_row();
    if (!fields) return std::move(fields).error();
    if (fields->empty()) break;
    ++report.rows;

    std::optional<std::string> refusal;
    std::optional<std::int64_t> timestamp_ms;
    if (fields->size() != columns->count) {
      refusal = fmt::format("the row has {} fields, the header has {}", fields->size(), columns->count);
    } else {
      refusal = refusal_of_id((*fields)[columns->user], options.user_column);
      if (!refusal) refusal = refusal_of_id((*fields)[columns->item], options.item_column);
      if (!refusal) {
        const std::string_view text = (*fields)[columns->timestamp];
        timestamp_ms = parse_timestamp_ms(text);
        if (!timestamp_ms) {
          refusal = fmt::format("column {} is {}, expected {}", in_quotes(options.timestamp_column), in_quotes(text),
                                timestamp_rule);
        }
      }
    }
    if (refusal) {
      std::string detail = fmt::format("{}:{}: {}", name, reader.line(), *refusal);
      if (options.bad_rows == BadRows::refuse) {
        return Error{ErrorCode::malformed, detail + "; correct the row, or have bad rows skipped"};
      }
      if (report.rows_refused++ == 0) report.first_refusal = std::move(detail);
      continue;
    }
    rows.push_back({users.index_of((*fields)[columns->user]), items.index_of((*fields)[columns->item]), *timestamp_ms});
    if (items.size() > max_items || users.size() == std::numeric_limits<std::uint32_t>::max()) {
      return Error{ErrorCode::out_of_range, fmt::format("{}:{}: more than {} items; is {} the right column?", name,
                                                        reader.line(), max_items, in_quotes(options.item_column))};
    }
  }
  if (rows.empty()) {
    if (report.rows_refused > 0) {
      return Error{ErrorCode::malformed, fmt::format("{}: none of the {} rows is usable; the first: {}", name,
                                                     report.rows, report.first_refusal)};
    }
    return Error{ErrorCode::truncated, fmt::format("{}: a header row but no interactions after it", name)};
  }

  Interactions log;
  log.user_ids = users.release();
  log.item_ids = items.release();
  group_by_user(std::move(rows), log);
  return log;
}

Result<Interactions> read_interactions(const std::filesystem::path& file, const ReadOptions& options,
                                       ReadReport& report) {
  const std::string name = file.string();
  auto source = open_log_source(file);
  if (!source) return std::move(source).error();
  return parse_interactions(**source, name, options, report);
}

}  // namespace sotto::data
