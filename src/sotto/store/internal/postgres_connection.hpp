// One connection to PostgreSQL, with statements that are prepared once and kept.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/internal/postgres_values.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

struct pg_conn;
struct pg_result;

namespace sotto::store {

class PostgresRows {
 public:
  explicit PostgresRows(pg_result* result) : result_(result, &clear) {}
  [[nodiscard]] int size() const;
  [[nodiscard]] bool is_null(int row, int column) const;
  // Of a smallint, an integer or a bigint.
  [[nodiscard]] std::int64_t integer(int row, int column) const;
  [[nodiscard]] std::uint64_t natural(int row, int column) const {
    return static_cast<std::uint64_t>(integer(row, column));
  }
  [[nodiscard]] float real(int row, int column) const;
  // Valid as long as the rows.
  [[nodiscard]] std::string_view text(int row, int column) const;
  [[nodiscard]] std::span<const std::byte> bytes(int row, int column) const;
  [[nodiscard]] int columns() const;
  // Whether a column is bytea.
  [[nodiscard]] bool is_bytes(int column) const;
  // How many rows the statement wrote.
  [[nodiscard]] std::int64_t written() const;
  [[nodiscard]] const pg_result* raw() const noexcept { return result_.get(); }

 private:
  static void clear(pg_result* result);
  std::unique_ptr<pg_result, void (*)(pg_result*)> result_;
};

// Not for several threads at a time.
class PostgresConnection {
 public:
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection();

  // `name` is what errors call the database.
  [[nodiscard]] static Result<std::unique_ptr<PostgresConnection>> open(const std::string& url,
                                                                        const std::string& name);

  // Runs statements that are not kept and whose rows do not matter.
  [[nodiscard]] Status run(const std::string& sql);
  // `sql` is a literal in the sources.
  [[nodiscard]] Result<PostgresRows> query(std::string_view sql, const PostgresValues& values = {});

  [[nodiscard]] bool is_lost() const;
  [[nodiscard]] bool is_in_transaction() const;
  // Whether the latest failure was a deadlock or another conflict with somebody else's transaction: the same again may
  // succeed.
  [[nodiscard]] bool had_conflict() const noexcept { return had_conflict_; }
  // Makes a transaction that found the rows changed start again.
  [[nodiscard]] Error conflict();

 private:
  PostgresConnection(pg_conn* connection, std::string name) : connection_(connection), name_(std::move(name)) {}
  [[nodiscard]] Error failure(const pg_result* result);

  pg_conn* connection_;
  std::string name_;
  bool had_conflict_ = false;
  std::unordered_map<std::string_view, std::string> statements_;
};

// What an operator may read of a URL: "the PostgreSQL database NAME on HOST". Fails with invalid_argument for no URL;
// the error does not repeat it, for it may have a password.
[[nodiscard]] Result<std::string> postgres_name(const std::string& url);

}  // namespace sotto::store
