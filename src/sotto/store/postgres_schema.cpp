#include <sotto/store/internal/postgres_schema.hpp>

#include <fmt/format.h>

#include <array>

namespace sotto::store {
namespace {

// Events have no foreign key: appending locks the user's row already, and checking the key would cost a lookup for each
// event. States are compressed when they come. A user's row is written with each append: room in its page keeps the
// indexes out of it.
constexpr std::array postgres_step_list = {
    R"(
CREATE TABLE sotto.server (
  row integer PRIMARY KEY CHECK (row = 1),
  version integer NOT NULL,
  forgotten bigint NOT NULL,
  forgotten_key bytea NOT NULL
);
INSERT INTO sotto.server VALUES
  (1, 0, 0, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
CREATE SEQUENCE sotto.generations;
CREATE TABLE sotto.users (
  user_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id bytea NOT NULL UNIQUE,
  generation bigint NOT NULL,
  last bigint NOT NULL
) WITH (fillfactor = 70);
CREATE TABLE sotto.events (
  user_number bigint NOT NULL,
  number bigint NOT NULL,
  at bigint NOT NULL,
  kind bigint NOT NULL,
  amount real NOT NULL,
  item bytea NOT NULL,
  PRIMARY KEY (user_number, number)
);
CREATE TABLE sotto.snapshots (
  user_number bigint PRIMARY KEY,
  at bigint NOT NULL,
  model bigint NOT NULL,
  size bigint NOT NULL,
  checksum bigint NOT NULL,
  state bytea NOT NULL
);
ALTER TABLE sotto.snapshots ALTER COLUMN state SET STORAGE EXTERNAL;
CREATE TABLE sotto.idempotency (
  user_number bigint NOT NULL,
  key bytea NOT NULL,
  content bytea NOT NULL,
  answer bytea NOT NULL,
  stored bigint NOT NULL,
  PRIMARY KEY (user_number, key)
);
CREATE INDEX idempotency_stored ON sotto.idempotency (stored);
CREATE TABLE sotto.api_keys (
  id bytea PRIMARY KEY,
  name bytea NOT NULL,
  scopes bytea NOT NULL,
  hash bytea NOT NULL,
  created bigint NOT NULL
);
CREATE TABLE sotto.secrets (
  name bytea PRIMARY KEY,
  value bytea NOT NULL
);
CREATE TABLE sotto.sealed_backups (
  id bytea PRIMARY KEY,
  owner bytea NOT NULL,
  bytes bytea NOT NULL,
  stored bigint NOT NULL
);
ALTER TABLE sotto.sealed_backups ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX sealed_backups_stored ON sotto.sealed_backups (stored);
CREATE TABLE sotto.figures (
  period bigint NOT NULL,
  server bytea NOT NULL,
  version bytea NOT NULL,
  "values" bytea NOT NULL,
  PRIMARY KEY (period, server, version)
);
CREATE TABLE sotto.forgotten (
  number bigint PRIMARY KEY,
  at bigint NOT NULL,
  hash bytea NOT NULL
);
)",
    R"(
CREATE TABLE sotto.outbox (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_number bigint NOT NULL,
  generation bigint NOT NULL,
  number bigint NOT NULL,
  value bytea NOT NULL
);
CREATE INDEX outbox_user ON sotto.outbox (user_number);
CREATE TABLE sotto.outbox_leader (
  row integer PRIMARY KEY CHECK (row = 1),
  server bytea NOT NULL,
  until timestamptz NOT NULL
);
INSERT INTO sotto.outbox_leader VALUES (1, '', '-infinity');
)",
};

// Any number that no other program uses: "sotto" in ASCII.
constexpr const char* lock_schema = "SELECT pg_advisory_xact_lock(495874733167)";

// Runs the next step, in a transaction that the caller has begun. Returns whether there was one.
Result<bool> take_step(PostgresConnection& connection) {
  if (auto locked = connection.run(lock_schema); !locked) return std::move(locked).error();
  auto found = connection.query(
      "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = 'sotto'), "
      "(SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'sotto'), "
      "(SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = 'sotto' AND c.relname = 'server')");
  if (!found) return std::move(found).error();
  const bool has_schema = found->integer(0, 0) > 0;
  const bool is_empty = found->integer(0, 1) == 0;
  if (!is_empty && found->integer(0, 2) == 0)
    return Error{ErrorCode::malformed, "the database has a schema 'sotto' of another program"};

  std::int64_t version = 0;
  if (!is_empty) {
    auto row = connection.query("SELECT version FROM sotto.server");
    if (!row) return std::move(row).error();
    if (row->size() != 1) return Error{ErrorCode::malformed, "the table sotto.server has no row"};
    version = row->integer(0, 0);
  }
  const auto latest = static_cast<std::int64_t>(postgres_step_list.size());
  if (version > latest)
    return Error{
        ErrorCode::unsupported_version,
        fmt::format("the database's tables have version {}; this build knows versions up to {}", version, latest)};
  if (version == latest) return false;
  if (!has_schema) {
    if (auto made = connection.run("CREATE SCHEMA sotto"); !made) return std::move(made).error();
  }
  if (auto done = connection.run(postgres_step_list[static_cast<std::size_t>(version)]); !done)
    return std::move(done).error();
  if (auto noted = connection.run(fmt::format("UPDATE sotto.server SET version = {}", version + 1)); !noted)
    return std::move(noted).error();
  return true;
}

}  // namespace

std::span<const char* const> postgres_steps() { return postgres_step_list; }

Status migrate_postgres(PostgresConnection& connection) {
  while (true) {
    // READ COMMITTED, so that the wait for another server shows what that server made.
    if (auto begun = connection.run("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = 0;"
                                    "SET LOCAL statement_timeout = 0");
        !begun)
      return begun;
    auto stepped = take_step(connection);
    auto ended = connection.run(stepped ? "COMMIT" : "ROLLBACK");
    if (!stepped) return std::move(stepped).error();
    if (!ended) return ended;
    if (!*stepped) return Ok{};
  }
}

}  // namespace sotto::store
