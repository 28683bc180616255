// Logs in: CSV, TSV or JSON Lines, plain, gzip or zstd, from one file, several or standard input.
#pragma once

#include <sotto/data/byte_source.hpp>
#include <sotto/data/event_weights.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/data/table_reader.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

// Longest user, item or session id, in bytes.
inline constexpr std::size_t max_id_bytes = 1024;

struct ReadOptions {
  std::string user_column = "user_id";
  std::string item_column = "item_id";
  std::string timestamp_column = "timestamp";
  std::string event_column = {};    // "": every event weighs 1
  std::string rating_column = {};   // "": there are no ratings
  std::string session_column = {};  // "": the log names no sessions
  EventWeights event_weights = {};
  std::optional<double> min_rating = {};    // rows rated lower are left out
  std::optional<TableFormat> format = {};   // without one: by each file's extension, then by its beginning
  bool strict = false;                 // the first row that is refused is an error
};

// What a row must comply with.
enum class RowRule { format, user_id, item_id, timestamp, event_type, rating, session_id };
inline constexpr std::size_t row_rules = 7;

// "format", "user_id", …: stable names.
[[nodiscard]] std::string_view row_rule_name(RowRule rule) noexcept;

struct RefusedRows {
  RowRule rule;
  std::size_t rows = 0;
  std::string first = {};  // file, line, value and rule of the first of them
};

struct ReadReport {
  std::size_t rows = 0;                 // data rows seen
  std::size_t rows_refused = 0;         // data rows left out because they break a rule
  std::vector<RefusedRows> refused;     // by rule, in the order of appearance
  std::size_t rows_without_weight = 0;  // left out: their type of event weighs 0
  std::size_t rows_rated_low = 0;       // left out: rated below min_rating
  // The log as it was written: events earlier than their user's event before, and users who have such.
  std::size_t events_backwards = 0;
  std::size_t users_backwards = 0;
};

struct ReadProgress {
  std::size_t rows = 0;
  std::uint64_t bytes = 0;        // read so far, as they lie on the disk
  std::uint64_t total_bytes = 0;  // of all files; 0: unknown
};

struct ReadHooks {
  std::function<void(const ReadProgress&)> on_progress = {};  // now and then
  const std::atomic<bool>* stop = nullptr;               // set: reading ends with ErrorCode::interrupted
};

// Reads the files one after the other as one log; "-" is standard input. Timestamps: whole or decimal seconds,
// milliseconds (values above 10^11) or ISO 8601. Rows that break a rule are left out and reported; that none is left
// is an error. Errors name the file, line, column, value and rule.
[[nodiscard]] Result<Interactions> read_interactions(const std::vector<std::filesystem::path>& files,
                                                     const ReadOptions& options, ReadReport& report,
                                                     const ReadHooks& hooks = {});

// The same from any one source of plain bytes; `name` stands for the file in errors.
[[nodiscard]] Result<Interactions> parse_interactions(std::unique_ptr<ByteSource> source, const std::string& name,
                                                      const ReadOptions& options, ReadReport& report);

}  // namespace sotto::data
