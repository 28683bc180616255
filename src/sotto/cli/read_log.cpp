#include <sotto/app/logger.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/read_log.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sotto::cli {
namespace {

// Says in one line for each kind of file what was recognized in it, if it is not what one would expect.
void log_surprises(app::Logger& log, const data::ReadReport& report) {
  struct Kind {
    std::string words;
    std::string first_file;
    std::size_t files = 0;
  };
  std::vector<Kind> kinds;
  for (const data::FileReading& file : report.files) {
    std::string words = data::surprises_in_words(file);
    if (words.empty()) continue;
    auto kind = std::ranges::find(kinds, words, &Kind::words);
    if (kind == kinds.end()) kind = kinds.insert(kind, {.words = std::move(words), .first_file = file.name});
    ++kind->files;
  }
  for (const Kind& kind : kinds) {
    const std::string more = kind.files == 1 ? "" : fmt::format(" and {} more", kind.files - 1);
    log.info(fmt::format("read {}{} as: {}", kind.first_file, more, kind.words));
  }
  if (report.newest_first)
    log.info("the newest events come first; events of the same time are taken from the end of the log");
}

void log_refused_rows(app::Logger& log, const data::ReadReport& report) {
  for (const data::RefusedRows& refused : report.refused) {
    const std::string advice = data::other_column_advice(report, refused.rule);
    log.info(fmt::format("left out {} of {} rows; the first: {}{}{}", refused.rows, report.rows, refused.first,
                         advice.empty() ? "" : "; ", advice));
  }
}

void log_pooled_items(app::Logger& log, const data::FilterReport& filtered, const VocabularyLimit& limit) {
  std::size_t items_before = filtered.before.items;
  for (const data::FilterStep& step : filtered.steps) {
    if (step.name == "max_items") {
      log.info(fmt::format("the log has {} items; the most frequent {} keep their id, the others are '{}'",
                           items_before, limit.max_items - 1, limit.oov_item));
    }
    items_before = step.items;
  }
}

}  // namespace

Status log_items_surprises(app::Logger& log, const data::ItemsFile& items) {
  if (items.empty()) return Ok{};
  const auto file = data::look_at_items(items);
  if (!file) return file.error();
  const std::string words = data::surprises_in_words(*file);
  if (!words.empty()) log.info(fmt::format("read {} as: {}", file->name, words));
  const auto rounded = data::find_rounded_ids(items);
  if (!rounded) return rounded.error();
  if (rounded->count > 0) log.warning(data::in_words(*rounded));
  return Ok{};
}

Result<ReadLog> read_log(app::Logger& log, const LogOptions& options, data::SplitKind split,
                         const std::atomic<bool>& stop) {
  if (auto possible = pipeline::check_sessions(split, options.reading, options.filters); !possible)
    return std::move(possible).error();
  data::ReadReport report;
  ReadingProgress progress;
  auto read =
      data::read_interactions({options.files.begin(), options.files.end()}, options.reading, report,
                              {.on_progress = [&](const data::ReadProgress& p) { progress.update(p); }, .stop = &stop});
  progress.finish();
  if (!read) {
    if (read.error().code == ErrorCode::interrupted)
      return Error{ErrorCode::interrupted, read.error().detail + "; nothing was written"};
    return std::move(read).error();
  }
  log_surprises(log, report);
  log_refused_rows(log, report);
  auto prepared = pipeline::prepare_log(std::move(*read), options.filters, split, options.name());
  if (!prepared) return std::move(prepared).error();
  log_pooled_items(log, prepared->filtered, options.vocabulary_limit());
  return ReadLog{std::move(*prepared), std::move(report)};
}

}  // namespace sotto::cli
