#include <sotto/store/internal/postgres_pool.hpp>
#include <sotto/store/internal/sync_database.hpp>

#include <fmt/format.h>

namespace sotto::store {
namespace {

class PostgresSyncSession final : public SyncSession {
 public:
  explicit PostgresSyncSession(PostgresConnection& connection) : connection_(connection) {}

  Result<SyncRows> query(std::string_view sql, SyncValues values) override {
    auto rows = run(sql, values);
    if (!rows) return std::move(rows).error();
    std::vector<std::vector<SyncCell>> found;
    for (int row = 0; row < rows->size(); ++row) {
      std::vector<SyncCell> cells;
      for (int column = 0; column < rows->columns(); ++column) {
        if (rows->is_bytes(column)) {
          const auto bytes = rows->bytes(row, column);
          cells.emplace_back(std::vector<std::byte>(bytes.begin(), bytes.end()));
        } else {
          cells.emplace_back(rows->integer(row, column));
        }
      }
      found.push_back(std::move(cells));
    }
    return SyncRows(std::move(found));
  }

  Result<std::int64_t> execute(std::string_view sql, SyncValues values) override {
    auto rows = run(sql, values);
    if (!rows) return std::move(rows).error();
    return rows->written();
  }

 private:
  Result<PostgresRows> run(std::string_view sql, SyncValues values) {
    PostgresValues parameters;
    for (const SyncValue& value : values) std::visit([&](const auto& part) { parameters.add(part); }, value.value());
    return connection_.query(sql, parameters);
  }

  PostgresConnection& connection_;
};

class PostgresSyncDatabase final : public SyncDatabase {
 public:
  PostgresSyncDatabase(const std::string& url, std::string name, const std::string& schema, unsigned connections)
      : pool_(url, std::move(name), connections),
        choose_schema_(fmt::format("SET LOCAL search_path = {}", schema)),
        // One writing transaction at a time, whichever process it is of: batches are sums that each one adds to.
        begin_writing_(choose_schema_ + fmt::format("; SELECT pg_advisory_xact_lock(hashtext('{}'))", schema)) {}

  std::string description() const override { return pool_.name(); }

  Status write(const Body& body) override {
    return pool_.transact([&](PostgresConnection& connection) { return run(connection, begin_writing_, body); });
  }
  Status read(const Body& body) override {
    return pool_.read([&](PostgresConnection& connection) { return run(connection, choose_schema_, body); });
  }

 private:
  static Status run(PostgresConnection& connection, const std::string& begin, const Body& body) {
    if (auto begun = connection.run(begin); !begun) return begun;
    PostgresSyncSession session(connection);
    return body(session);
  }

  PostgresPool pool_;
  std::string choose_schema_;
  std::string begin_writing_;
};

// "sots" in ASCII. Servers that start together wait for each other.
constexpr const char* lock_sync_schema = "SELECT pg_advisory_xact_lock(1936684147)";

Status migrate_in_transaction(PostgresConnection& connection, const std::string& schema) {
  if (auto locked = connection.run(lock_sync_schema); !locked) return locked;
  if (auto made = connection.run(fmt::format("SET LOCAL client_min_messages = warning;"
                                             "CREATE SCHEMA IF NOT EXISTS {0}; SET LOCAL search_path = {0};"
                                             "CREATE TABLE IF NOT EXISTS tables_version (row integer PRIMARY KEY "
                                             "CHECK (row = 1), version integer NOT NULL);"
                                             "INSERT INTO tables_version VALUES (1, 0) ON CONFLICT DO NOTHING",
                                             schema));
      !made)
    return made;
  auto found = connection.query("SELECT version FROM tables_version");
  if (!found) return std::move(found).error();
  const std::int64_t version = found->size() == 1 ? found->integer(0, 0) : -1;
  const auto steps = sync_schema_steps(SyncDialect::postgres);
  if (version < 0 || static_cast<std::uint64_t>(version) > steps.size())
    return Error{ErrorCode::unsupported_version,
                 fmt::format("the tables of the schema {} have version {}; this build knows versions up to {}", schema,
                             version, steps.size())};
  for (auto step = static_cast<std::size_t>(version); step < steps.size(); ++step) {
    if (auto done = connection.run(steps[step]); !done) return done;
  }
  return connection.run(fmt::format("UPDATE tables_version SET version = {}", steps.size()));
}

Status migrate(PostgresConnection& connection, const std::string& schema) {
  if (auto begun = connection.run("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = 0;"
                                  "SET LOCAL statement_timeout = 0");
      !begun)
    return begun;
  auto migrated = migrate_in_transaction(connection, schema);
  auto ended = connection.run(migrated ? "COMMIT" : "ROLLBACK");
  return migrated ? ended : migrated;
}

}  // namespace

Result<std::unique_ptr<SyncDatabase>> open_postgres_sync(const std::string& url, const std::string& schema,
                                                         unsigned connections) {
  auto name = postgres_name(url);
  if (!name) return std::move(name).error();
  {
    auto connection = PostgresConnection::open(url, *name);
    if (!connection) return std::move(connection).error();
    if (auto migrated = migrate(**connection, schema); !migrated) {
      Error error = std::move(migrated).error();
      if (!error.detail.starts_with(*name)) error.detail = fmt::format("{}: {}", *name, error.detail);
      return error;
    }
  }
  return std::unique_ptr<SyncDatabase>(std::make_unique<PostgresSyncDatabase>(url, *name, schema, connections));
}

}  // namespace sotto::store
