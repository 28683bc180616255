#include <sotto/cli/console.hpp>
#include <sotto/cli/log_options.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <utility>

namespace sotto::cli {

void LogOptions::add_to(CLI::App& command) {
  static const std::map<std::string, data::BadRows> bad_rows = {{"refuse", data::BadRows::refuse},
                                                                {"skip", data::BadRows::skip}};
  const std::string group = "The log";
  command.add_option("--interactions", file, "interaction log: CSV with a header row, plain or gzip, UTF-8")
      ->required()
      ->type_name("FILE")
      ->group(group);
  command.add_option("--user-column", reading.user_column, "column with the user's (or session's) id")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  command.add_option("--item-column", reading.item_column, "column with the item's id")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--timestamp-column", reading.timestamp_column,
                  "column with the time: seconds or milliseconds since 1970, or ISO 8601")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  command
      .add_option_function<std::string>(
          "--bad-rows", [this](const std::string& choice) { reading.bad_rows = bad_rows.at(choice); },
          "what to do with a row that cannot be read: stop with an error, or leave it out and say so")
      ->check(CLI::IsMember({"refuse", "skip"}))
      ->type_name("refuse|skip")
      ->default_str("refuse")
      ->group(group);
}

Result<ReadLog> read_log(std::string_view command, const LogOptions& options) {
  ReadLog result;
  auto log = data::read_interactions(options.file, options.reading, result.report);
  if (!log) {
    Error error = std::move(log).error();
    if (error.detail.ends_with("have bad rows skipped")) error.detail += " (--bad-rows skip)";
    return error;
  }
  if (result.report.rows_refused > 0) {
    note(command, fmt::format("left out {} of {} rows; the first: {}", result.report.rows_refused, result.report.rows,
                              result.report.first_refusal));
  }
  result.log = std::move(*log);
  result.identity = data::identify(result.log);
  result.identity.name = std::filesystem::path(options.file).filename().string();
  return result;
}

}  // namespace sotto::cli
