// Reads logs in CSV, TSV or JSON, plain, gzip or zstd, from one file, several files or standard input.
#pragma once

#include <sotto/data/byte_source.hpp>
#include <sotto/data/event_weights.hpp>
#include <sotto/data/file_reading.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/data/rounded_ids.hpp>
#include <sotto/data/table_reader.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

struct NamedColumn;  // column_table.hpp

// The maximum length of a user, item or session id, in bytes.
inline constexpr std::size_t max_id_bytes = 1024;

// Where a file has no column of the default name, one with another usual name is taken (column_names.hpp).
struct ReadOptions {
  std::string user_column = "user_id";
  std::string item_column = "item_id";
  std::string timestamp_column = "timestamp";
  std::string event_column = {};    // "": all weights are 1
  std::string rating_column = {};   // "": there are no ratings
  std::string session_column = {};  // "": the log has no sessions
  EventWeights event_weights = {};
  std::optional<double> min_rating = {};    // rows with a lower rating are left out
  bool literal_ids = false;  // "NULL" and the like are ids as they are written, and not missing ones
  TableOptions table = {};             // what they leave open is decided by the beginning of each file
  bool strict = false;                 // the first refused row is an error
};

// The rules that a row must follow.
enum class RowRule { format, user_id, item_id, timestamp, event_type, rating, session_id };
inline constexpr std::size_t row_rules = 7;

// Returns a stable name such as "format" or "user_id".
[[nodiscard]] std::string_view row_rule_name(RowRule rule) noexcept;

struct RefusedRows {
  RowRule rule;
  std::size_t rows = 0;
  std::string first = {};  // file, line, value and rule of the first refused row
};

struct ReadReport {
  std::size_t rows = 0;                 // number of data rows read
  std::size_t rows_refused = 0;         // data rows left out because they break a rule
  std::vector<RefusedRows> refused;     // by rule, in the order of appearance
  std::size_t rows_without_weight = 0;  // left out because the weight of their event type is 0
  std::size_t rows_rated_low = 0;       // left out because their rating is below min_rating
  // The order in the file: events that are earlier than the previous event of their user, and users with such events.
  std::size_t events_backwards = 0;
  std::size_t users_backwards = 0;
  bool newest_first = false;  // the newest events come first: events of equal times are taken from the end
  std::size_t missing_ids = 0;  // rows refused because "NULL" or the like stands for the user or the item
  RoundedIds rounded_ids;
  std::vector<FileReading> files;
};

// Where at least a tenth of the rows are refused for want of a user or an item and a file has another column under a
// usual name: "--user-column sessionId takes another column". Else "".
[[nodiscard]] std::string other_column_advice(const ReadReport& report, RowRule rule);

struct ReadProgress {
  std::size_t rows = 0;
  std::uint64_t bytes = 0;  // read so far, in bytes on the disk
  std::uint64_t total_bytes = 0;  // of all files; 0: unknown
};

struct ReadHooks {
  std::function<void(const ReadProgress&)> on_progress = {};  // called at intervals
  const std::atomic<bool>* stop = nullptr;  // when set, reading ends with ErrorCode::interrupted
};

// Reads the files one after the other as one log. "-" is standard input. Times are as parse_time reads them
// (timestamp.hpp), and the unit of numbers is decided for each file (time_column.hpp). Rows that break a rule are left
// out and reported. It is an error if no row is left. Errors name the file, line, column, value and rule.
[[nodiscard]] Result<Interactions> read_interactions(const std::vector<std::filesystem::path>& files,
                                                     const ReadOptions& options, ReadReport& report,
                                                     const ReadHooks& hooks = {});

// Does the same for one source of plain bytes. `name` replaces the file's name in errors.
[[nodiscard]] Result<Interactions> parse_interactions(std::unique_ptr<ByteSource> source, const std::string& name,
                                                      const ReadOptions& options, ReadReport& report);

// Does the same for columns in memory. `name` replaces the file's name, and rows are counted from 1 in place of lines.
[[nodiscard]] Result<Interactions> read_interactions(std::span<const NamedColumn> table, const std::string& name,
                                                     const ReadOptions& options, ReadReport& report,
                                                     const ReadHooks& hooks = {});

}  // namespace sotto::data
