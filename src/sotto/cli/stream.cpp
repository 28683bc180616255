#include <sotto/app/interruption.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>
#include <sotto/model/vocabulary.hpp>
#include <sotto/present/words.hpp>
#include <sotto/report/terminal_text.hpp>
#include <sotto/stream/replay.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace sotto::cli {
namespace {

struct StreamCommand {
  std::string events;
  std::string model;
  std::string out;
  std::string dead_letters;
  std::size_t top = 10;
  unsigned threads = 0;
  stream::EventLogOptions reading;
  stream::LogColumns columns;
  bool has_columns = false;
};

Result<stream::EventLog> read_events(StreamCommand& command, const Vocabulary& vocabulary,
                                     const std::atomic<bool>& stop, std::string& dead_letters, std::uint64_t& count) {
  if (command.has_columns) command.reading.columns = command.columns;
  if (!command.dead_letters.empty()) {
    command.reading.set_aside = [&](const stream::SetAside& set_aside) {
      dead_letters += stream::text_of(set_aside) + "\n";
      ++count;
    };
  }
  ReadingProgress progress;
  auto log = stream::read_event_log(
      command.events, vocabulary, command.reading,
      {.on_progress = [&](const data::ReadProgress& done) { progress.update(done); }, .stop = &stop});
  progress.finish();
  if (!log && log.error().code == ErrorCode::malformed && command.dead_letters.empty()) {
    return Error{ErrorCode::malformed,
                 log.error().detail + " Correct the record, or set such records aside with --dead-letter FILE"};
  }
  return log;
}

Status write_lines(const std::string& file, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  if (!file.empty()) return data::write_file_atomically(file, std::as_bytes(std::span(text)));
  text = report::json_for_terminal(text);
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return Ok{};
  return Error{ErrorCode::io, "cannot write to standard output"};
}

int run(app::Logger& log, StreamCommand& command) {
  const auto start = std::chrono::steady_clock::now();
  const std::atomic<bool>& stop = app::stop_on_interruption();
  const auto loaded = app::load_fixed_model(command.model);
  if (!loaded) return fail(log, loaded.error());
  const Catalogue& catalogue = loaded->model.info.catalogue;
  const Engine engine(loaded->model, loaded->fingerprint);
  const PersonalModel model(engine);
  std::string dead_letters;
  std::uint64_t dead_letter_count = 0;
  const auto fail_whole = [&log](const Error& error) {
    if (error.code != ErrorCode::interrupted) return fail(log, error);
    return fail(log, {error.code, error.detail + "; nothing was written"});
  };
  const auto events = read_events(command, Vocabulary(catalogue), stop, dead_letters, dead_letter_count);
  if (!events) return fail_whole(events.error());

  ReplayProgress progress(events->events());
  const unsigned threads = command.threads > 0 ? command.threads : std::max(1U, std::thread::hardware_concurrency());
  auto replayed =
      stream::replay(*events, model, catalogue,
                     {.top = command.top, .threads = threads, .stop = &stop, .on_progress = [&](std::uint64_t done) {
                        progress.update(done);
                      }});
  progress.finish();
  if (!replayed) return fail_whole(replayed.error());
  // The dead letters first: a file of users never lies there without what it leaves out.
  if (!command.dead_letters.empty()) {
    auto written = data::write_file_atomically(command.dead_letters, std::as_bytes(std::span(dead_letters)));
    if (!written) return fail(log, written.error());
  }
  if (auto written = write_lines(command.out, replayed->lines); !written) return fail(log, written.error());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  log.info(
      fmt::format("folded {} events of {} users in {}; {} of them were late, {} more were repeated and {} are "
                  "dead letters",
                  replayed->counts.folded, replayed->lines.size(), present::seconds_in_words(seconds.count()),
                  replayed->counts.late, replayed->counts.repeated, dead_letter_count));
  return exit_ok;
}

void add_column_options(Command command, StreamCommand& options) {
  const auto add = [&](const char* name, std::string& column, const char* what) {
    command
        .text(
            name,
            [&options, &column](const std::string& given) {
              column = given;
              options.has_columns = true;
              return std::string(given.empty() ? "expected the name of a column" : "");
            },
            what)
        .type("NAME")
        .shows_default(column)
        .group("A log of clicks instead of events");
  };
  add("--user-column", options.columns.user, "column with the user's id");
  add("--item-column", options.columns.item, "column with the item's id");
  add("--timestamp-column", options.columns.timestamp,
      "column with the time: seconds or milliseconds since 1970, or ISO 8601");
  command
      .text(
          "--format",
          [&options](const std::string& name) {
            options.reading.format = data::parse_table_format(name);
            return std::string();
          },
          "the file's format; without it: from the extension, else jsonl")
      .one_of({"csv", "tsv", "jsonl"})
      .type("csv|tsv|jsonl")
      .group("A log of clicks instead of events");
}

}  // namespace

Run add_stream(Command command) {
  auto options = std::make_shared<StreamCommand>();
  command
      .option(
          "--replay", options->events,
          "file of events, JSON Lines of {\"user\", \"id\", \"at\", \"kind\", \"amount\", \"event_id\"}, or a log of "
          "clicks in CSV or TSV; plain, gzip or zstd; - is standard input")
      .required()
      .type("FILE")
      .reads();
  command.option("--model", options->model, "fixed-point model").required().type("MODEL").reads();
  command.option("--top", options->top, "items of each user's list")
      .range(std::size_t{1}, std::size_t{1000})
      .type("K")
      .shows_default();
  command.option("--out", options->out, "file to write, a line for each user; without it: standard output")
      .type("FILE")
      .writes(app::FileKind::replayed_users);
  command
      .option("--dead-letter", options->dead_letters,
              "file to write, a line for each record that cannot be folded; without it the first one ends the replay")
      .type("FILE")
      .writes(app::FileKind::dead_letters);
  command.option("--threads", options->threads, "threads that fold; 0: one for each processor")
      .range(0U, 1024U)
      .type("N")
      .shows_default();
  add_column_options(command, *options);
  return [options](app::Logger& log) { return run(log, *options); };
}

}  // namespace sotto::cli
