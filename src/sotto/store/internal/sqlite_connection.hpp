// One connection to a SQLite database, and statements that are prepared once and kept.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/internal/sync_database.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace sotto::store {

class SqliteConnection;

// The rows of a running statement. The statement is free for the next use when this ends.
class SqliteRows {
 public:
  SqliteRows(SqliteConnection& connection, sqlite3_stmt* statement) : connection_(&connection), statement_(statement) {}
  SqliteRows(SqliteRows&& other) noexcept
      : connection_(other.connection_), statement_(std::exchange(other.statement_, nullptr)) {}
  SqliteRows& operator=(SqliteRows&&) = delete;
  ~SqliteRows();

  // Whether there is a further row. The columns are those of the latest row, counted from 0.
  [[nodiscard]] Result<bool> next();
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::uint64_t natural(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  // Valid until the next row.
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const std::byte> blob(int column) const;
  [[nodiscard]] bool is_blob(int column) const;
  [[nodiscard]] int columns() const;

 private:
  SqliteConnection* connection_;
  sqlite3_stmt* statement_;
};

// Not for several threads at a time.
class SqliteConnection {
 public:
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;
  ~SqliteConnection();

  // Opens an existing file.
  [[nodiscard]] static Result<std::unique_ptr<SqliteConnection>> open(const std::filesystem::path& file);

  // Runs statements without parameters that are not kept; rows are ignored.
  [[nodiscard]] Status run(const std::string& sql);

  // Starts a statement. Texts are copied; blobs must live as long as the rows are read.
  template <class... Values>
  [[nodiscard]] Result<SqliteRows> query(std::string_view sql, const Values&... values) {
    auto statement = prepare(sql);
    if (!statement) return std::move(statement).error();
    SqliteRows rows(*this, *statement);
    int index = 0;
    bool bound = true;
    ((bound = bound && bind(*statement, ++index, values)), ...);
    if (!bound) return failure();
    return rows;
  }
  // The same for values that are known when the program runs.
  [[nodiscard]] Result<SqliteRows> query_values(std::string_view sql, std::span<const SyncValue> values);
  // Runs a statement to its end. Returns the number of rows that it changed.
  template <class... Values>
  [[nodiscard]] Result<std::int64_t> execute(std::string_view sql, const Values&... values) {
    auto rows = query(sql, values...);
    if (!rows) return std::move(rows).error();
    while (true) {
      auto more = rows->next();
      if (!more) return std::move(more).error();
      if (!*more) return changes();
    }
  }
  // The first column of the only row.
  template <class... Values>
  [[nodiscard]] Result<std::int64_t> number(std::string_view sql, const Values&... values) {
    auto rows = query(sql, values...);
    if (!rows) return std::move(rows).error();
    auto more = rows->next();
    if (!more) return std::move(more).error();
    if (!*more) return Error{ErrorCode::malformed, "the SQLite file " + file_ + " lacks a row that it must have"};
    return rows->integer(0);
  }

  // Calls back after each commit with the number of pages in the log. The log is then carried over by checkpoints
  // alone.
  void watch_log(std::function<void(int pages)> committed);

  // How many rows the latest statement changed.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_row() const;
  [[nodiscard]] bool is_in_transaction() const;
  // What SQLite says of its latest failure, as malformed where the file is damaged and as io otherwise.
  [[nodiscard]] Error failure() const;

 private:
  SqliteConnection(sqlite3* connection, std::string file) : connection_(connection), file_(std::move(file)) {}
  [[nodiscard]] Result<sqlite3_stmt*> prepare(std::string_view sql);
  static bool bind(sqlite3_stmt* statement, int index, std::int64_t value);
  static bool bind(sqlite3_stmt* statement, int index, std::uint64_t value) {
    return bind(statement, index, static_cast<std::int64_t>(value));
  }
  static bool bind(sqlite3_stmt* statement, int index, int value) {
    return bind(statement, index, static_cast<std::int64_t>(value));
  }
  static bool bind(sqlite3_stmt* statement, int index, double value);
  static bool bind(sqlite3_stmt* statement, int index, std::string_view text);
  static bool bind(sqlite3_stmt* statement, int index, const std::string& text) {
    return bind(statement, index, std::string_view(text));
  }
  static bool bind(sqlite3_stmt* statement, int index, std::span<const std::byte> blob);
  static bool bind(sqlite3_stmt* statement, int index, const std::vector<std::byte>& blob) {
    return bind(statement, index, std::span(blob));
  }
  static bool bind(sqlite3_stmt* statement, int index, const std::array<std::byte, 32>& blob) {
    return bind(statement, index, std::span<const std::byte>(blob));
  }

  sqlite3* connection_;
  std::string file_;
  std::function<void(int)> committed_;
  std::unordered_map<std::string_view, sqlite3_stmt*> statements_;  // the keys are literals in the sources
};

}  // namespace sotto::store
