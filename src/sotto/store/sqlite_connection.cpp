#include <sotto/store/internal/sqlite_connection.hpp>

#include <fmt/format.h>
#include <sqlite3.h>

namespace sotto::store {
namespace {

// How long a statement waits for another connection of this process, or for a person's sqlite3.
constexpr int busy_wait_ms = 10'000;

bool is_damage(int code) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:  // our statements are right: the tables are not those that they were made for
    case SQLITE_CONSTRAINT:
    case SQLITE_FORMAT:
    case SQLITE_SCHEMA: return true;
    default: return false;
  }
}

}  // namespace

SqliteRows::~SqliteRows() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Result<bool> SqliteRows::next() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: return false;
    default: return connection_->failure();
  }
}

std::int64_t SqliteRows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double SqliteRows::real(int column) const { return sqlite3_column_double(statement_, column); }

bool SqliteRows::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::string_view SqliteRows::text(int column) const {
  const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (start == nullptr) return {};
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const std::byte> SqliteRows::blob(int column) const {
  const auto* start = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  if (start == nullptr) return {};
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool SqliteRows::is_blob(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_BLOB; }

int SqliteRows::columns() const { return sqlite3_column_count(statement_); }

SqliteConnection::~SqliteConnection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(connection_);
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::filesystem::path& file) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(raw, file.string()));
  if (raw == nullptr) return Error{ErrorCode::io, "SQLite has no memory"};
  if (code != SQLITE_OK) return connection->failure();
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, busy_wait_ms);
  // A damaged or hostile file's schema must not do anything.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (auto set = connection->run("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
                                 "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;");
      !set)
    return std::move(set).error();
  return connection;
}

Status SqliteConnection::run(const std::string& sql) {
  if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return Ok{};
}

Result<sqlite3_stmt*> SqliteConnection::prepare(std::string_view sql) {
  if (const auto kept = statements_.find(sql); kept != statements_.end()) return kept->second;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK)
    return failure();
  statements_.emplace(sql, statement);
  return statement;
}

Result<SqliteRows> SqliteConnection::query_values(std::string_view sql, std::span<const SyncValue> values) {
  auto statement = prepare(sql);
  if (!statement) return std::move(statement).error();
  SqliteRows rows(*this, *statement);
  int index = 0;
  for (const SyncValue& value : values) {
    const bool bound = std::visit([&](const auto& part) { return bind(*statement, index + 1, part); }, value.value());
    if (!bound) return failure();
    ++index;
  }
  return rows;
}

void SqliteConnection::watch_log(std::function<void(int pages)> committed) {
  committed_ = std::move(committed);
  sqlite3_wal_hook(
      connection_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<SqliteConnection*>(self)->committed_(pages);
        return SQLITE_OK;
      },
      this);
}

std::int64_t SqliteConnection::changes() const { return sqlite3_changes64(connection_); }

std::int64_t SqliteConnection::last_row() const { return sqlite3_last_insert_rowid(connection_); }

bool SqliteConnection::is_in_transaction() const { return sqlite3_get_autocommit(connection_) == 0; }

Error SqliteConnection::failure() const {
  const int code = sqlite3_extended_errcode(connection_);
  const bool damaged = is_damage(code);
  return {
      damaged ? ErrorCode::malformed : ErrorCode::io,
      fmt::format("{} '{}': {} (SQLite's code {})", damaged ? "the SQLite file is damaged:" : "SQLite cannot work on",
                  file_, sqlite3_errmsg(connection_), code)};
}

bool SqliteConnection::bind(sqlite3_stmt* statement, int index, std::int64_t value) {
  return sqlite3_bind_int64(statement, index, value) == SQLITE_OK;
}

bool SqliteConnection::bind(sqlite3_stmt* statement, int index, double value) {
  return sqlite3_bind_double(statement, index, value) == SQLITE_OK;
}

bool SqliteConnection::bind(sqlite3_stmt* statement, int index, std::string_view text) {
  const char* start = text.data() == nullptr ? "" : text.data();
  return sqlite3_bind_text64(statement, index, start, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK;
}

bool SqliteConnection::bind(sqlite3_stmt* statement, int index, std::span<const std::byte> blob) {
  if (blob.empty()) return sqlite3_bind_zeroblob(statement, index, 0) == SQLITE_OK;
  return sqlite3_bind_blob64(statement, index, blob.data(), blob.size(), SQLITE_STATIC) == SQLITE_OK;
}

}  // namespace sotto::store
