#include <sotto/cli/log_options.hpp>
#include <sotto/cli/table_options.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace sotto::cli {
namespace {

constexpr const char* group = "The log";
constexpr std::int64_t max_gap_seconds = 10'000LL * 86'400;

// Reads "1800", "30m", "2h" or "1d" as seconds.
std::optional<std::int64_t> parse_duration(std::string_view text) noexcept {
  std::int64_t unit = 1;
  if (text.ends_with('d')) unit = 86'400;
  if (text.ends_with('h')) unit = 3600;
  if (text.ends_with('m')) unit = 60;
  if (unit > 1 || text.ends_with('s')) text.remove_suffix(1);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value < 1 || value > max_gap_seconds / unit)
    return std::nullopt;
  return value * unit;
}

void add_column_options(Command command, data::ReadOptions& reading) {
  const auto add = [&command](const char* name, std::string& column, const char* what) {
    return command.option(name, column, what).type("NAME").group(group);
  };
  add("--user-column", reading.user_column,
      "column with the user's (or session's) id: its name, its position counted from 1, or its path in JSON, such as "
      "user.id or events[].aid; a usual name such as userId is found by itself")
      .shows_default();
  add("--item-column", reading.item_column, "column with the item's id").shows_default();
  add("--timestamp-column", reading.timestamp_column,
      "column with the time: seconds, milliseconds, microseconds or nanoseconds since 1970, or ISO 8601")
      .shows_default();
  const Option event = add("--event-column", reading.event_column,
                           "column with the type of event, such as view or purchase; types weigh differently");
  command
      .text(
          "--event-weight",
          [&reading](const std::string& text) {
            auto weights = data::EventWeights::parse(text);
            if (!weights) return weights.error().detail;
            reading.event_weights = std::move(*weights);
            return std::string();
          },
          "what the types weigh, 0 … 1000; 0 leaves a type out, * stands for all others")
      .needs(event)
      .type("TYPE=X,…")
      .shows_default("view=1,favourite=2,cart=3,purchase=5")
      .group(group);
  const Option rating = add("--rating-column", reading.rating_column, "column with the user's rating of the item");
  command.option("--min-rating", reading.min_rating, "leave out rows with a lower rating")
      .needs(rating)
      .type("X")
      .group(group);
}

void add_literal_ids(Command command, bool& literal_ids) {
  command
      .flag("--literal-ids", literal_ids,
            "take ids such as NA, NULL or none as they are written; without it they stand for missing ones")
      .group(group);
}

void add_filter_options(Command command, LogOptions& options) {
  data::FilterOptions& filters = options.filters;
  const std::string what = "What is made of the log (docs/data.md)";
  command.flag("--drop-duplicates", filters.drop_duplicates, "keep one of the events of same user, item and second")
      .group(what);
  const Option column =
      command.option("--session-column", options.reading.session_column, "column with the session's id")
          .type("NAME")
          .group(what);
  command
      .text(
          "--session-gap",
          [&filters](const std::string& text) {
            filters.session_gap_seconds = parse_duration(text);
            return std::string(
                filters.session_gap_seconds ? "" : "expected seconds or a number with s, m, h or d, such as 30m");
          },
          "a session ends where the user does nothing for longer than this; each session is a sequence of its own, "
          "except under --split last-session")
      .excludes(column)
      .type("30m|…")
      .group(what);
  const Option floor = command.option("--min-item-events", filters.min_item_events, "leave out items with fewer events")
                           .range(std::size_t{1}, std::size_t{1} << 32)
                           .type("N")
                           .group(what);
  const Option limit =
      command
          .option("--max-items", filters.max_items,
                  "of a log with more items the N - 1 most frequent keep their id, and all others become one item, "
                  "'<oov>'; 2 … 16777216, 0: no limit")
          .range(std::size_t{0}, std::size_t{max_items})
          .check([](const std::string& n) {
            return n == "1" ? std::string("1 item would be '<oov>' alone") : std::string();
          })
          .type("N")
          .group(what);
  const Option oov =
      command
          .option("--oov-item", filters.pooled_item,
                  "with --min-item-events, make its rare items one item with this id instead; with --max-items, "
                  "the id of its one item")
          .check([](const std::string& id) {
            return id.empty() || id.size() > data::max_id_bytes ? std::string("expected an id") : std::string();
          })
          .type("ID")
          .group(what);
  command.check_together([floor, limit, oov] {
    const bool pools = floor.given() || limit.given();
    return std::string(oov.given() && !pools ? "--oov-item requires --min-item-events or --max-items" : "");
  });
  command.option("--k-core", filters.k_core, "leave out users and items until all have at least this many events")
      .range(std::size_t{1}, std::size_t{1} << 32)
      .type("N")
      .group(what);
}

}  // namespace

Option LogOptions::add_source_to(Command command) {
  Option source =
      command
          .option("--interactions,interactions", files,
                  "interaction log: fields between commas, tabs, semicolons or another delimiter, JSON Lines or JSON; "
                  "plain, "
                  "gzip or zstd; several are read as one; - is standard input; '--interactions' may be left out")
          .type("FILE")
          .reads()
          .group(group);
  add_table_options(command, reading.table, {.prefix = "--", .file = "the log", .row = "an event", .group = group});
  add_column_options(command, reading);
  add_literal_ids(command, reading.literal_ids);
  return source;
}

void LogOptions::add_to(Command command) {
  add_source_to(command).required();
  add_filter_options(command, *this);
}

void LogOptions::add_strict_to(Command command) {
  command.flag("--strict", reading.strict, "stop at the first row that breaks a rule instead of leaving it out")
      .group(group);
}

std::string LogOptions::name() const {
  const std::string first = data::name_of(files.front());
  return files.size() == 1 ? first : fmt::format("{} and {} more", first, files.size() - 1);
}

VocabularyLimit LogOptions::vocabulary_limit() const {
  if (filters.max_items == 0) return {};
  const std::string_view oov_item = filters.pooled_item.empty() ? data::default_oov_item : filters.pooled_item;
  return {.max_items = filters.max_items, .oov_item = std::string(oov_item)};
}

void LogOptions::take_vocabulary_limit(const VocabularyLimit& trained) {
  if (filters.max_items > 0 || trained.max_items == 0) return;
  filters.max_items = trained.max_items;
  // Any id at all would make --min-item-events pool as well.
  if (filters.pooled_item.empty() && trained.oov_item != data::default_oov_item) filters.pooled_item = trained.oov_item;
}

}  // namespace sotto::cli
