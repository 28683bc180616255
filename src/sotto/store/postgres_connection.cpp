#include <sotto/store/internal/postgres_connection.hpp>

#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

namespace sotto::store {
namespace {

// What holds for each connection: no statement or lock is waited for without end, and a commit is on the disk. An
// operator who asks for more than that (remote_apply) is left alone.
constexpr const char* session_settings =
    "SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s';"
    "SET client_min_messages = 'warning';"
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

constexpr unsigned bytea_oid = 17;  // PostgreSQL's catalog/pg_type.dat

void ignore_notice(void* /*unused*/, const PGresult* /*unused*/) {}

// libpq's messages end with line breaks and may have several lines.
std::string one_line(std::string_view message) {
  std::string line;
  for (const char letter : message) line += letter == '\n' ? ' ' : letter;
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

bool is_conflict(std::string_view state) {
  // Serialization failure, deadlock.
  return state == "40001" || state == "40P01";
}

bool is_damage(std::string_view state) {
  // Data or index corrupted; an undefined table, column or schema: somebody changed Sotto's tables.
  return state.starts_with("XX00") || state == "42P01" || state == "42703" || state == "3F000";
}

}  // namespace

void PostgresRows::clear(pg_result* result) { PQclear(result); }

int PostgresRows::size() const { return PQntuples(result_.get()); }

bool PostgresRows::is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }

std::string_view PostgresRows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::span<const std::byte> PostgresRows::bytes(int row, int column) const {
  return std::as_bytes(std::span(text(row, column)));
}

std::int64_t PostgresRows::integer(int row, int column) const {
  const auto value = text(row, column);
  std::uint64_t bits = 0;
  for (const char byte : value) bits = bits << 8U | static_cast<unsigned char>(byte);
  if (value.size() == 4) return static_cast<std::int32_t>(bits);
  if (value.size() == 2) return static_cast<std::int16_t>(bits);
  return static_cast<std::int64_t>(bits);
}

float PostgresRows::real(int row, int column) const {
  return std::bit_cast<float>(static_cast<std::uint32_t>(integer(row, column)));
}

int PostgresRows::columns() const { return PQnfields(result_.get()); }

bool PostgresRows::is_bytes(int column) const { return PQftype(result_.get(), column) == bytea_oid; }

std::int64_t PostgresRows::written() const {
  const std::string_view count = PQcmdTuples(result_.get());
  std::int64_t rows = 0;
  std::from_chars(count.data(), count.data() + count.size(), rows);
  return rows;
}

PostgresConnection::~PostgresConnection() { PQfinish(connection_); }

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const std::string& url, const std::string& name) {
  // Later values win: the URL may set its own.
  const std::array<const char*, 5> names = {"connect_timeout", "tcp_user_timeout", "application_name", "dbname",
                                            nullptr};
  const std::array<const char*, 5> values = {"10", "30000", "sotto", url.c_str(), nullptr};
  std::unique_ptr<PostgresConnection> connection(
      new PostgresConnection(PQconnectdbParams(names.data(), values.data(), 1), name));
  if (connection->connection_ == nullptr) return Error{ErrorCode::io, "libpq has no memory"};
  if (PQstatus(connection->connection_) != CONNECTION_OK) return connection->failure(nullptr);
  PQsetNoticeReceiver(connection->connection_, ignore_notice, nullptr);
  if (auto set = connection->run(session_settings); !set) return std::move(set).error();
  return connection;
}

Status PostgresConnection::run(const std::string& sql) {
  had_conflict_ = false;
  const std::unique_ptr<pg_result, void (*)(pg_result*)> result(PQexec(connection_, sql.c_str()), &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return failure(result.get());
  return Ok{};
}

Result<PostgresRows> PostgresConnection::query(std::string_view sql, const PostgresValues& values) {
  had_conflict_ = false;
  auto kept = statements_.find(sql);
  if (kept == statements_.end()) {
    const std::string name = fmt::format("s{}", statements_.size());
    const std::unique_ptr<pg_result, void (*)(pg_result*)> prepared(
        PQprepare(connection_, name.c_str(), std::string(sql).c_str(), static_cast<int>(values.size()),
                  values.types().data()),
        &PQclear);
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return failure(prepared.get());
    kept = statements_.emplace(sql, name).first;
  }
  std::vector<const char*> starts;
  std::vector<int> lengths;
  for (std::size_t i = 0; i < values.size(); ++i) {
    starts.push_back(values.value(i).data());
    lengths.push_back(static_cast<int>(values.value(i).size()));
  }
  const std::vector<int> formats(values.size(), 1);
  PostgresRows rows(PQexecPrepared(connection_, kept->second.c_str(), static_cast<int>(values.size()), starts.data(),
                                   lengths.data(), formats.data(), 1));
  const auto status = PQresultStatus(rows.raw());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return failure(rows.raw());
  return rows;
}

bool PostgresConnection::is_lost() const { return PQstatus(connection_) != CONNECTION_OK; }

bool PostgresConnection::is_in_transaction() const { return PQtransactionStatus(connection_) != PQTRANS_IDLE; }

Error PostgresConnection::conflict() {
  had_conflict_ = true;
  return {ErrorCode::io, fmt::format("{}: other servers changed the same users again and again", name_)};
}

Error PostgresConnection::failure(const pg_result* result) {
  const char* field = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view state = field == nullptr ? "" : field;
  had_conflict_ = is_conflict(state);
  // PostgreSQL's primary message has no values of rows; its details may have them.
  const char* primary = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string message = one_line(primary != nullptr ? primary : PQerrorMessage(connection_));
  return {is_damage(state) ? ErrorCode::malformed : ErrorCode::io, fmt::format("{}: {}", name_, message)};
}

Result<std::string> postgres_name(const std::string& url) {
  char* reason = nullptr;
  PQconninfoOption* options = PQconninfoParse(url.c_str(), &reason);
  PQfreemem(reason);
  if (options == nullptr)
    return Error{ErrorCode::invalid_argument,
                 "the PostgreSQL URL is not one; it looks like postgresql://user@host/database"};
  std::string database;
  std::string host;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    const char* value = option->val != nullptr ? option->val : "";
    if (std::strcmp(option->keyword, "dbname") == 0) database = value;
    if (std::strcmp(option->keyword, "host") == 0) host = value;
  }
  PQconninfoFree(options);
  return fmt::format("the PostgreSQL database '{}' on {}", database, host.empty() ? "this machine" : host);
}

}  // namespace sotto::store
