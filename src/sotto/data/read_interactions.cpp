#include <sotto/data/column_names.hpp>
#include <sotto/data/column_table.hpp>
#include <sotto/data/id_dictionary.hpp>
#include <sotto/data/raw_events.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/text.hpp>
#include <sotto/data/time_column.hpp>
#include <sotto/data/timestamp.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <system_error>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::size_t max_users = std::numeric_limits<std::uint32_t>::max() - 2;
constexpr std::size_t rows_between_reports = std::size_t{1} << 16;

// The place of the row's id in its dictionary, or the fact that it is new.
struct IdLookup {
  std::string_view id;
  std::uint64_t hash = 0;
  std::optional<std::uint32_t> index;

  IdLookup(const IdDictionary& dictionary, std::string_view looked_up) : id(looked_up), hash(IdDictionary::hash(id)) {
    dictionary.prefetch(hash);
  }
  void find_in(const IdDictionary& dictionary) { index = dictionary.find(id, hash); }
  [[nodiscard]] std::uint32_t index_in(IdDictionary& dictionary) const {
    return index ? *index : dictionary.insert(id, hash);
  }
};

// Takes rows from one table after the other and makes the log at the end.
class InteractionsReader {
 public:
  InteractionsReader(const ReadOptions& options, ReadReport& report, const ReadHooks& hooks)
      : options_(options), report_(report), hooks_(hooks) {
    report_ = {};
    const ReadOptions defaults;
    const auto other_names = [](const std::string& name, const std::string& usual,
                                std::span<const std::string_view> names) {
      return name == usual ? names : std::span<const std::string_view>{};
    };
    columns_ = {{options.user_column, true, other_names(options.user_column, defaults.user_column, names_of_users()),
                 "--user-column"},
                {options.item_column, true, other_names(options.item_column, defaults.item_column, names_of_items()),
                 "--item-column"},
                {options.timestamp_column, true,
                 other_names(options.timestamp_column, defaults.timestamp_column, names_of_times()),
                 "--timestamp-column", true}};
    const auto add = [this](const std::string& name, std::string_view option) {
      if (!name.empty()) columns_.push_back({name, true, {}, option});
      return name.empty() ? std::size_t{0} : columns_.size() - 1;
    };
    event_ = add(options.event_column, "--event-column");
    rating_ = add(options.rating_column, "--rating-column");
    session_ = add(options.session_column, "--session-column");
  }

  // `position` tells how far the source has been read.
  Status read(std::unique_ptr<ByteSource> source, const std::string& name, std::optional<TableFormat> format_of_name,
              const FilePosition& position, ReadProgress progress) {
    auto table = open_table(std::move(source), name, options_.table, columns_);
    if (!table) return std::move(table).error();
    return read(**table, format_of_name, position, progress);
  }

  [[nodiscard]] const std::vector<WantedColumn>& columns() const noexcept { return columns_; }

  Status read(TableReader& table, std::optional<TableFormat> format_of_name, const FilePosition& position,
              ReadProgress progress) {
    names_.assign(table.column_names().begin(), table.column_names().end());
    const std::uint64_t bytes_before = progress.bytes;
    while (true) {
      auto state = table.next();
      if (!state) return std::move(state).error();
      if (*state == RowState::end) {
        note_file(table, format_of_name);
        return Ok{};
      }
      ++report_.rows;
      if (report_.rows % rows_between_reports == 0) {
        progress.rows = report_.rows;
        progress.bytes = bytes_before + position.read;
        if (hooks_.on_progress) hooks_.on_progress(progress);
      }
      if (hooks_.stop != nullptr && hooks_.stop->load(std::memory_order_relaxed))
        return Error{ErrorCode::interrupted, "interrupted while the log was read"};
      if (*state == RowState::refused)
        refuse(RowRule::format, table.refusal());
      else
        take(table, table.values());
      if (!refusal_.empty()) {
        if (auto noted = note_refusal(table); !noted) return noted;
      }
      if (items_.size() > max_items) return too_many(table, max_items, "items", names_[1]);
      if (sessions_.size() > max_users) return too_many(table, max_users, "sessions", names_[session_]);
      if (events_.user.size() > max_events) {
        return Error{ErrorCode::out_of_range, fmt::format("{}:{}: more than {} events; leave the oldest out",
                                                          table.name(), table.line(), max_events)};
      }
      if (users_.size() > max_users) return too_many(table, max_users, "users", names_[0]);
    }
  }

  // `name` names the whole input.
  Result<Interactions> finish(const std::string& name) {
    if (events_.user.size() == 0) return nothing_left(name);
    Interactions log;
    log.user_ids = users_.release();
    const IdList items = items_.release();
    log.item_ids.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) log.item_ids.emplace_back(items[i]);
    sessions_ = {};
    events_.time_us = times_.release();
    const Disorder disorder = group_by_user(std::move(events_), log);
    report_.events_backwards = disorder.events_backwards;
    report_.users_backwards = disorder.users_backwards;
    report_.newest_first = disorder.newest_first;
    return log;
  }

 private:
  static Error too_many(const TableReader& table, std::size_t max, std::string_view of_what,
                        const std::string& column) {
    return {ErrorCode::out_of_range, fmt::format("{}:{}: more than {} {}; is {} the right column?", table.name(),
                                                 table.line(), max, of_what, in_quotes(column))};
  }

  void note_file(const TableReader& table, std::optional<TableFormat> format_of_name) {
    FileReading file;
    file.name = table.name();
    file.table = table.reading();
    file.times = times_.end_file();
    file.columns = names_;
    file.other_columns.assign(table.other_columns().begin(), table.other_columns().end());
    for (const WantedColumn& column : columns_) file.wanted.push_back(column.name);
    file.name_agrees = !format_of_name || *format_of_name == file.table.format;
    report_.files.push_back(std::move(file));
  }

  void refuse(RowRule rule, std::string reason) {
    rule_ = rule;
    refusal_ = std::move(reason);
  }

  // Returns true if the id is allowed in the log. An id that is already there was checked before.
  bool check_id(const TableReader& table, const IdLookup& lookup, RowRule rule, std::size_t column) {
    if (lookup.index) return true;
    const std::string_view id = lookup.id;
    if (!is_utf8(id) || id.find('\0') != std::string_view::npos) {
      refuse(rule, fmt::format("column {} is {}, expected UTF-8 text; {}", in_quotes(names_[column]), in_quotes(id),
                               utf8_advice));
    } else if (!options_.literal_ids && stands_for_missing(id)) {
      ++report_.missing_ids;
      refuse(rule, fmt::format("column {} is {}, which stands for a missing id; {}", in_quotes(names_[column]),
                               in_quotes(id), literal_ids_advice));
    } else {
      report_.rounded_ids.look_at(id, table.name(), table.line());
    }
    return refusal_.empty();
  }
  bool check_length(std::string_view id, RowRule rule, std::size_t column) {
    if (id.empty()) {
      if (rule != RowRule::session_id) ++report_.missing_ids;
      refuse(rule, fmt::format("column {} is empty, expected an id", in_quotes(names_[column])));
    } else if (id.size() > max_id_bytes) {
      refuse(rule, fmt::format("column {} is {}, expected an id of at most {} bytes, this one has {}",
                               in_quotes(names_[column]), in_quotes(id), max_id_bytes, id.size()));
    }
    return refusal_.empty();
  }

  void take(const TableReader& table, std::span<const std::string_view> values) {
    if (!check_length(values[0], RowRule::user_id, 0)) return;
    if (!check_length(values[1], RowRule::item_id, 1)) return;
    // The memory of both is prefetched while the time is parsed.
    IdLookup user(users_, values[0]);
    IdLookup item(items_, values[1]);
    const auto time = parse_time(values[2]);
    user.find_in(users_);
    item.find_in(items_);
    if (!check_id(table, user, RowRule::user_id, 0)) return;
    if (!check_id(table, item, RowRule::item_id, 1)) return;
    if (!time) {
      refuse(RowRule::timestamp,
             fmt::format("column {} is {}, {}", in_quotes(names_[2]), in_quotes(values[2]), expected_time(values[2])));
      return;
    }
    float weight = 1;
    if (event_ != 0 && !weigh(values[event_], weight)) return;
    bool rated_low = false;
    if (rating_ != 0 && !check_rating(values[rating_], rated_low)) return;
    std::optional<IdLookup> session;
    if (session_ != 0) {
      if (!check_length(values[session_], RowRule::session_id, session_)) return;
      session.emplace(sessions_, values[session_]);
      session->find_in(sessions_);
      if (!check_id(table, *session, RowRule::session_id, session_)) return;
    }
    if (weight == 0) {
      ++report_.rows_without_weight;
    } else if (rated_low) {
      ++report_.rows_rated_low;
    } else {
      events_.user.push_back(user.index_in(users_));
      events_.item.push_back(item.index_in(items_));
      times_.push_back(*time);
      if (session) events_.session.push_back(session->index_in(sessions_));
      if (event_ != 0) events_.weight_index.push_back(index_of_weight(weight));
    }
  }

  bool weigh(std::string_view type, float& weight) {
    const auto found = options_.event_weights.find(type);
    if (!found) {
      refuse(RowRule::event_type,
             fmt::format("column {} is {}, an event type without a weight; there are {}", in_quotes(names_[event_]),
                         in_quotes(type), options_.event_weights.in_words()));
      return false;
    }
    weight = *found;
    return true;
  }

  bool check_rating(std::string_view text, bool& rated_low) {
    const auto rating = parse_decimal(text);
    if (!rating) {
      refuse(RowRule::rating, fmt::format("column {} is {}, expected a number such as 4 or 3.5",
                                          in_quotes(names_[rating_]), in_quotes(text)));
      return false;
    }
    rated_low = options_.min_rating && *rating < *options_.min_rating;
    return true;
  }

  // There are at most as many weights as event types.
  std::uint8_t index_of_weight(float weight) {
    auto& weights = events_.weights;
    const auto found = std::ranges::find(weights, weight);
    const auto index = static_cast<std::uint8_t>(found - weights.begin());
    if (found == weights.end()) weights.push_back(weight);
    return index;
  }

  Status note_refusal(const TableReader& table) {
    std::string detail = fmt::format("{}:{}: {}", table.name(), table.line(), std::exchange(refusal_, {}));
    if (options_.strict)
      return Error{ErrorCode::malformed, detail + "; correct the row, or read without 'strict' to leave it out"};
    ++report_.rows_refused;
    auto found = std::ranges::find(report_.refused, rule_, &RefusedRows::rule);
    if (found == report_.refused.end())
      found = report_.refused.insert(found, {.rule = rule_, .rows = 0, .first = std::move(detail)});
    ++found->rows;
    return Ok{};
  }

  [[nodiscard]] Error nothing_left(const std::string& name) const {
    if (report_.rows_refused > 0) {
      return {ErrorCode::malformed, fmt::format("{}: none of the {} rows is usable; the first: {}", name, report_.rows,
                                                report_.refused.front().first)};
    }
    if (report_.rows > 0) {
      return {ErrorCode::malformed,
              fmt::format("{}: all of the {} rows are left out, {} by the weight 0 of their event "
                          "type and {} by their rating",
                          name, report_.rows, report_.rows_without_weight, report_.rows_rated_low)};
    }
    return {ErrorCode::truncated, fmt::format("{}: there are no interactions in it", name)};
  }

  const ReadOptions& options_;
  ReadReport& report_;
  const ReadHooks& hooks_;
  std::vector<WantedColumn> columns_;
  std::vector<std::string> names_;  // of the columns in the present file
  std::size_t event_ = 0;  // places in columns_; 0: not read
  std::size_t rating_ = 0;
  std::size_t session_ = 0;
  IdDictionary users_;
  IdDictionary items_;
  IdDictionary sessions_;
  RawEvents events_;  // without their times
  TimeColumn times_;
  RowRule rule_ = RowRule::format;
  std::string refusal_;  // reason why the present row is refused; empty if it is not
};

// The places of the columns that may have another one under a usual name.
constexpr std::size_t user_place = 0;
constexpr std::size_t item_place = 1;

std::string name_of_all(const std::vector<std::filesystem::path>& files) {
  const std::string first = name_of(files.front());
  return files.size() == 1 ? first : fmt::format("{} and {} more", first, files.size() - 1);
}

// Returns 0 if one of the files has no size.
std::uint64_t total_size(const std::vector<std::filesystem::path>& files) {
  std::uint64_t total = 0;
  for (const auto& file : files) {
    std::error_code failure;
    if (!std::filesystem::is_regular_file(file, failure)) return 0;
    total += std::filesystem::file_size(file, failure);
    if (failure) return 0;
  }
  return total;
}

}  // namespace

std::string_view row_rule_name(RowRule rule) noexcept {
  constexpr std::array<std::string_view, row_rules> names = {"format",     "user_id", "item_id",   "timestamp",
                                                             "event_type", "rating",  "session_id"};
  return names[static_cast<std::size_t>(rule)];
}

std::string other_column_advice(const ReadReport& report, RowRule rule) {
  const auto refused = std::ranges::find(report.refused, rule, &RefusedRows::rule);
  constexpr std::size_t worth_a_word = 10;  // one row in so many
  if (refused == report.refused.end() || refused->rows * worth_a_word < report.rows) return {};
  const bool of_users = rule == RowRule::user_id;
  if (!of_users && rule != RowRule::item_id) return {};
  for (const FileReading& file : report.files) {
    const std::size_t place = of_users ? user_place : item_place;
    if (file.other_columns.size() <= place || file.other_columns[place].empty()) continue;
    return fmt::format("{} {} takes another column", of_users ? "--user-column" : "--item-column",
                       file.other_columns[place].front());
  }
  return {};
}

Result<Interactions> read_interactions(const std::vector<std::filesystem::path>& files, const ReadOptions& options,
                                       ReadReport& report, const ReadHooks& hooks) {
  InteractionsReader reader(options, report, hooks);
  ReadProgress progress{.total_bytes = total_size(files)};
  for (const std::filesystem::path& file : files) {
    FilePosition position;
    auto source = open_log_source(file, &position);
    if (!source) return std::move(source).error();
    auto read = reader.read(std::move(*source), name_of(file), format_of_file_name(file), position, progress);
    if (!read) return std::move(read).error();
    progress.bytes += position.read;
  }
  return reader.finish(files.empty() ? "no file" : name_of_all(files));
}

Result<Interactions> parse_interactions(std::unique_ptr<ByteSource> source, const std::string& name,
                                        const ReadOptions& options, ReadReport& report) {
  const ReadHooks no_hooks;
  InteractionsReader reader(options, report, no_hooks);
  auto read = reader.read(std::move(source), name, std::nullopt, {}, {});
  if (!read) return std::move(read).error();
  return reader.finish(name);
}

Result<Interactions> read_interactions(std::span<const NamedColumn> table, const std::string& name,
                                       const ReadOptions& options, ReadReport& report, const ReadHooks& hooks) {
  InteractionsReader reader(options, report, hooks);
  auto rows = open_columns(table, name, reader.columns());
  if (!rows) return std::move(rows).error();
  auto read = reader.read(**rows, std::nullopt, {}, {});
  if (!read) return std::move(read).error();
  return reader.finish(name);
}

}  // namespace sotto::data
