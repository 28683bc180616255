#include <sotto/data/line_reader.hpp>
#include <sotto/data/text.hpp>
#include <sotto/data/timestamp.hpp>
#include <sotto/report/json.hpp>
#include <sotto/stream/event_log.hpp>
#include <sotto/stream/user_id.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <system_error>
#include <utility>

namespace sotto::stream {
namespace {

constexpr std::uint64_t lines_between_reports = std::uint64_t{1} << 14;
constexpr std::size_t max_users = std::numeric_limits<std::uint32_t>::max() - 2;
constexpr std::uint64_t max_id_bytes = std::uint64_t{1} << 48;  // of all events' ids

constexpr std::int64_t floor_seconds(std::int64_t milliseconds) noexcept {
  return milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0);
}

// Takes records one by one, and sets aside those that break a rule.
class EventLogReader {
 public:
  EventLogReader(std::string name, const Vocabulary& vocabulary, const EventLogOptions& options)
      : name_(std::move(name)), vocabulary_(vocabulary), options_(options) {}

  Status take(std::uint64_t line, const Record& record, std::string_view text) {
    const auto item = vocabulary_.find(record.event.item);
    if (!item) {
      return refuse(line,
                    {DeadLetterReason::unknown_item,
                     fmt::format("The model has no item {}.", data::in_quotes(record.event.item))},
                    text);
    }
    if (log_.users() == max_users || id_bytes_ + max_event_id > max_id_bytes)
      return Error{ErrorCode::out_of_range, fmt::format("{}:{}: too many users or ids of events", name_, line)};
    id_bytes_ += record.event_id.size();
    log_.add(record.user, {.item = *item,
                           .kind = record.event.kind,
                           .amount = record.event.amount,
                           .at = *record.event.at,
                           .id = record.event_id});
    return Ok{};
  }

  Status refuse(std::uint64_t line, DeadLetter letter, std::string_view text) {
    if (!options_.set_aside) {
      return Error{ErrorCode::malformed,
                   fmt::format("{}:{}: {}: {}", name_, line, reason_name(letter.reason), letter.detail)};
    }
    options_.set_aside({line, std::move(letter), std::string(text)});
    return Ok{};
  }

  [[nodiscard]] EventLog release() { return std::move(log_); }

 private:
  std::string name_;
  const Vocabulary& vocabulary_;
  const EventLogOptions& options_;
  EventLog log_;
  std::uint64_t id_bytes_ = 0;
};

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

// The event that a row of a log stands for.
std::string text_of(std::string_view user, std::string_view item, std::string_view time) {
  return report::Json::object({{"user", user}, {"id", item}, {"at", time}}).compact_text();
}

Status take_row(EventLogReader& reader, std::uint64_t line, std::span<const std::string_view> values) {
  const std::string_view user = values[0];
  const std::string_view item = values[1];
  const auto refuse = [&](DeadLetterReason reason, std::string detail) {
    return reader.refuse(line, {reason, std::move(detail)}, text_of(user, item, values[2]));
  };
  if (!data::is_utf8(user) || !is_user_id(user)) {
    return refuse(DeadLetterReason::bad_key, fmt::format("The user {} has to have 1 to {} bytes of UTF-8 without "
                                                         "control characters.",
                                                         data::in_quotes(user), max_user_id));
  }
  if (item.empty() || item.size() > max_id || !data::is_utf8(item)) {
    return refuse(DeadLetterReason::bad_record,
                  fmt::format("The item {} has to have 1 to {} bytes of UTF-8.", data::in_quotes(item), max_id));
  }
  const auto time_ms = data::parse_timestamp_ms(values[2]);
  if (!time_ms) {
    return refuse(DeadLetterReason::bad_record,
                  fmt::format("The time {} has to be {}.", data::in_quotes(values[2]), data::timestamp_rule));
  }
  Record record;
  record.user = user;
  record.event.item = item;
  record.event.at = floor_seconds(*time_ms);
  return reader.take(line, record, text_of(user, item, values[2]));
}

using OnLine = std::function<Status(std::uint64_t)>;

Result<EventLog> read_table(std::unique_ptr<data::ByteSource> source, const std::string& name, data::TableFormat format,
                            const Vocabulary& vocabulary, const EventLogOptions& options, const OnLine& on_line) {
  const LogColumns columns = options.columns.value_or(LogColumns{});
  auto table = data::open_table(std::move(source), name, {.format = format},
                                {{columns.user, true}, {columns.item, true}, {columns.timestamp, true}});
  if (!table) return std::move(table).error();
  EventLogReader reader(name, vocabulary, options);
  while (true) {
    auto state = (*table)->next();
    if (!state) return std::move(state).error();
    if (*state == data::RowState::end) return reader.release();
    const std::uint64_t line = (*table)->line();
    auto taken = *state == data::RowState::refused
                     ? reader.refuse(line, {DeadLetterReason::bad_record, (*table)->refusal()}, {})
                     : take_row(reader, line, (*table)->values());
    if (!taken) return std::move(taken).error();
    if (auto seen = on_line(line); !seen) return std::move(seen).error();
  }
}

}  // namespace

void EventLog::add(std::string_view user, const FoldEvent& event) {
  const std::uint64_t hash = data::IdDictionary::hash(user);
  const auto known = users_.find(user, hash);
  const std::size_t index = known ? *known : users_.insert(user, hash);
  if (!known) by_user_.emplace_back();
  by_user_[index].push_back({.at = event.at,
                             .amount = event.amount,
                             .item = event.item,
                             .id_begin = ids_.size() & (max_id_bytes - 1),
                             .id_length = event.id.size() & 0xFFU,
                             .kind = static_cast<std::uint64_t>(event.kind) & 0xFFU});
  ids_ += event.id;
  ++events_;
}

FoldEvent EventLog::event(std::size_t user, std::size_t place) const noexcept {
  const Entry& entry = by_user_[user][place];
  return {.item = entry.item,
          .kind = static_cast<FeedbackKind>(entry.kind),
          .amount = entry.amount,
          .at = entry.at,
          .id = std::string_view(ids_).substr(entry.id_begin, entry.id_length)};
}

std::string text_of(const SetAside& set_aside) {
  report::Json json = report::Json::object({{"line", set_aside.line},
                                            {"reason", reason_name(set_aside.letter.reason)},
                                            {"detail", set_aside.letter.detail}});
  if (data::is_utf8(set_aside.record)) {
    json.set("record", set_aside.record);
  } else {
    std::string digits;
    for (const char c : set_aside.record) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
    json.set("record_hex", digits);
  }
  return json.compact_text();
}

Result<EventLog> read_records(std::unique_ptr<data::ByteSource> source, const std::string& name,
                              const Vocabulary& vocabulary, const EventLogOptions& options, const OnLine& on_line) {
  data::LineReader lines(std::move(source), name);
  EventLogReader reader(name, vocabulary, options);
  while (true) {
    const auto read = lines.next();
    if (!read) return read.error();
    if (*read == data::LineReader::Line::end) return reader.release();
    const std::string_view line = lines.line();
    Status taken = Ok{};
    if (*read == data::LineReader::Line::too_long) {
      taken = reader.refuse(lines.number(), {DeadLetterReason::bad_record, "The line is longer than 16 MiB."}, {});
    } else if (!is_blank(line)) {
      auto record = read_record(line);
      if (auto* letter = std::get_if<DeadLetter>(&record)) {
        taken = reader.refuse(lines.number(), std::move(*letter), line);
      } else {
        taken = reader.take(lines.number(), *std::get_if<Record>(&record), line);
      }
    }
    if (!taken) return std::move(taken).error();
    if (!on_line) continue;
    if (auto seen = on_line(lines.number()); !seen) return std::move(seen).error();
  }
}

Result<EventLog> read_event_log(const std::filesystem::path& file, const Vocabulary& vocabulary,
                                const EventLogOptions& options, const data::ReadHooks& hooks) {
  data::FilePosition position;
  auto source = data::open_log_source(file, &position);
  if (!source) return std::move(source).error();
  const auto on_line = [&](std::uint64_t line) -> Status {
    if (hooks.stop != nullptr && hooks.stop->load(std::memory_order_relaxed))
      return Error{ErrorCode::interrupted, "interrupted while the events were read"};
    if (hooks.on_progress && line % lines_between_reports == 0)
      hooks.on_progress({.rows = line, .bytes = position.read, .total_bytes = position.size});
    return Ok{};
  };
  const auto format = options.format.value_or(data::format_of_file_name(file).value_or(data::TableFormat::jsonl));
  const std::string name = data::name_of(file);
  if (format == data::TableFormat::jsonl && !options.columns)
    return read_records(std::move(*source), name, vocabulary, options, on_line);
  return read_table(std::move(*source), name, format, vocabulary, options, on_line);
}

}  // namespace sotto::stream
