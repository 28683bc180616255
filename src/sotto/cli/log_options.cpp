#include <sotto/cli/console.hpp>
#include <sotto/cli/log_options.hpp>
#include <sotto/cli/progress.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

namespace sotto::cli {
namespace {

constexpr std::string_view group = "The log";
constexpr std::int64_t max_gap_seconds = 10'000LL * 86'400;

// "1800", "30m", "2h", "1d": seconds.
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

void add_column_options(CLI::App& command, data::ReadOptions& reading) {
  const auto add = [&command](const char* name, std::string& column, const char* what) {
    return command.add_option(name, column, what)->type_name("NAME")->group(std::string(group));
  };
  add("--user-column", reading.user_column, "column with the user's (or session's) id")->capture_default_str();
  add("--item-column", reading.item_column, "column with the item's id")->capture_default_str();
  add("--timestamp-column", reading.timestamp_column,
      "column with the time: seconds or milliseconds since 1970, or ISO 8601")
      ->capture_default_str();
  CLI::Option* event = add("--event-column", reading.event_column,
                           "column with the type of event, such as view or purchase; types weigh differently");
  command
      .add_option_function<std::string>(
          "--event-weight",
          [&reading](const std::string& text) {
            auto weights = data::EventWeights::parse(text);
            if (!weights) throw CLI::ValidationError("--event-weight", weights.error().detail);
            reading.event_weights = std::move(*weights);
          },
          "what the types weigh, 0 … 1000; 0 leaves a type out, * stands for all others")
      ->needs(event)
      ->type_name("TYPE=X,…")
      ->default_str("view=1,favourite=2,cart=3,purchase=5")
      ->group(std::string(group));
  CLI::Option* rating = add("--rating-column", reading.rating_column, "column with the user's rating of the item");
  command.add_option("--min-rating", reading.min_rating, "leave out rows with a lower rating")
      ->needs(rating)
      ->type_name("X")
      ->group(std::string(group));
}

void add_filter_options(CLI::App& command, LogOptions& options) {
  data::FilterOptions& filters = options.filters;
  const std::string what = "What is made of the log (docs/data.md)";
  command
      .add_flag("--drop-duplicates", filters.drop_duplicates, "keep one of the events of same user, item and second")
      ->group(what);
  CLI::Option* column =
      command.add_option("--session-column", options.reading.session_column, "column with the session's id")
          ->type_name("NAME")
          ->group(what);
  command
      .add_option_function<std::string>(
          "--session-gap",
          [&filters](const std::string& text) {
            filters.session_gap_seconds = parse_duration(text);
            if (!filters.session_gap_seconds)
              throw CLI::ValidationError("--session-gap",
                                         "expected seconds or a number with s, m, h or d, such as 30m");
          },
          "a session ends where the user does nothing for longer than this; each session is a sequence of its own, "
          "except under --split last-session")
      ->excludes(column)
      ->type_name("30m|…")
      ->group(what);
  CLI::Option* floor =
      command.add_option("--min-item-events", filters.min_item_events, "leave out items with fewer events")
          ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 32))
          ->type_name("N")
          ->group(what);
  CLI::Option* limit =
      command
          .add_option("--max-items", filters.max_items,
                      "of a log with more items the N - 1 most frequent keep their id, and all others become one item, "
                      "'<oov>'; 2 … 16777216, 0: no limit")
          ->check(CLI::Range(std::size_t{0}, std::size_t{max_items}))
          ->check([](const std::string& n) {
            return n == "1" ? std::string("1 item would be '<oov>' alone") : std::string();
          })
          ->type_name("N")
          ->group(what);
  CLI::Option* oov =
      command
          .add_option("--oov-item", filters.pooled_item,
                      "with --min-item-events, make its rare items one item with this id instead; with --max-items, "
                      "the id of its one item")
          ->check([](const std::string& id) {
            return id.empty() || id.size() > data::max_id_bytes ? std::string("expected an id") : std::string();
          })
          ->type_name("ID")
          ->group(what);
  command.parse_complete_callback([floor, limit, oov] {
    if (oov->count() > 0 && floor->count() + limit->count() == 0)
      throw CLI::RequiresError("--oov-item", "--min-item-events or --max-items");
  });
  command.add_option("--k-core", filters.k_core, "leave out users and items until all have at least this many events")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 32))
      ->type_name("N")
      ->group(what);
}

void note_what_was_left_out(std::string_view command, const data::ReadReport& report) {
  for (const data::RefusedRows& refused : report.refused) {
    note(command, fmt::format("left out {} of {} rows; the first: {}", refused.rows, report.rows, refused.first));
  }
}

void note_what_became_oov(std::string_view command, const data::FilterReport& filtered, const VocabularyLimit& limit) {
  std::size_t items_before = filtered.before.items;
  for (const data::FilterStep& step : filtered.steps) {
    if (step.name == "max_items") {
      note(command, fmt::format("the log has {} items; the most frequent {} keep their id, the others are '{}'",
                                items_before, limit.max_items - 1, limit.oov_item));
    }
    items_before = step.items;
  }
}

}  // namespace

void LogOptions::add_to(CLI::App& command) {
  command
      .add_option("--interactions", files,
                  "interaction log: CSV, TSV or JSON Lines in UTF-8, plain, gzip or zstd; several are read as one; "
                  "- is standard input")
      ->required()
      ->type_name("FILE")
      ->group(std::string(group));
  command
      .add_option_function<std::string>(
          "--format", [this](const std::string& name) { reading.format = data::parse_table_format(name); },
          "the log's format; without it: from the extension, else from the first bytes")
      ->check(CLI::IsMember({"csv", "tsv", "jsonl"}))
      ->type_name("csv|tsv|jsonl")
      ->group(std::string(group));
  add_column_options(command, reading);
  add_filter_options(command, *this);
}

void LogOptions::add_strict_to(CLI::App& command) {
  command.add_flag("--strict", reading.strict, "stop at the first row that breaks a rule instead of leaving it out")
      ->group(std::string(group));
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

Result<ReadLog> read_log(std::string_view command, const LogOptions& options, data::SplitKind split,
                         const std::atomic<bool>& stop) {
  const bool has_sessions = options.filters.session_gap_seconds || !options.reading.session_column.empty();
  if (split == data::SplitKind::last_session && !has_sessions) {
    return Error{ErrorCode::invalid_argument,
                 "the split 'last-session' needs sessions: add --session-gap or --session-column"};
  }
  ReadLog result;
  ReadingProgress progress;
  auto log =
      data::read_interactions({options.files.begin(), options.files.end()}, options.reading, result.report,
                              {.on_progress = [&](const data::ReadProgress& p) { progress.update(p); }, .stop = &stop});
  progress.finish();
  if (!log) {
    if (log.error().code == ErrorCode::interrupted)
      return Error{ErrorCode::interrupted, log.error().detail + "; nothing was written"};
    return std::move(log).error();
  }
  note_what_was_left_out(command, result.report);
  result.log = std::move(*log);
  data::FilterOptions filters = options.filters;
  filters.unit = split == data::SplitKind::last_session ? data::SequenceUnit::user : data::SequenceUnit::session;
  if (auto filtered = data::apply_filters(result.log, filters, result.filtered); !filtered)
    return Error{filtered.error().code, fmt::format("{}: {}", options.name(), filtered.error().detail)};
  note_what_became_oov(command, result.filtered, options.vocabulary_limit());
  result.identity = data::identify(result.log);
  result.identity.name = std::filesystem::path(options.name()).filename().string();
  return result;
}

}  // namespace sotto::cli
