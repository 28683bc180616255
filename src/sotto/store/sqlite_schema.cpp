#include <sotto/store/internal/sqlite_schema.hpp>

#include <fmt/format.h>

#include <array>
#include <map>
#include <string>

namespace sotto::store {
namespace {

// Events have no columns but their own and no row number: an event of an item with a short id takes about 25 bytes.
// SQLite writes the kind 1 and the amount 0 into the row's header. A user's latest number is not written anywhere: it
// is that of the latest event, or of the snapshot where no event is left, and so an append changes one page and not
// two. Idempotency keys are numbered as they come: the old ones are found at the beginning, without an index.
constexpr std::array steps = {
    R"(
CREATE TABLE users (
  user INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  generation INTEGER NOT NULL
) STRICT;
CREATE TABLE events (
  user INTEGER NOT NULL REFERENCES users (user),
  number INTEGER NOT NULL,
  item TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  amount REAL NOT NULL,
  PRIMARY KEY (user, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots (
  user INTEGER PRIMARY KEY REFERENCES users (user),
  at INTEGER NOT NULL,
  model INTEGER NOT NULL,
  size INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  state BLOB NOT NULL
) STRICT;
CREATE TABLE idempotency (
  number INTEGER PRIMARY KEY,
  user INTEGER NOT NULL REFERENCES users (user),
  key TEXT NOT NULL,
  content TEXT NOT NULL,
  answer TEXT NOT NULL,
  stored INTEGER NOT NULL,
  UNIQUE (user, key)
) STRICT;
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  hash BLOB NOT NULL,
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sealed_backups (
  id TEXT PRIMARY KEY,
  owner BLOB NOT NULL,
  bytes BLOB NOT NULL,
  stored INTEGER NOT NULL
) STRICT;
CREATE INDEX sealed_backups_stored ON sealed_backups (stored);
CREATE TABLE figures (
  period INTEGER NOT NULL,
  server TEXT NOT NULL,
  version TEXT NOT NULL,
  "values" TEXT NOT NULL,
  PRIMARY KEY (period, server, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE totals (
  row INTEGER PRIMARY KEY CHECK (row = 1),
  users INTEGER NOT NULL,
  events INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  forgotten INTEGER NOT NULL
) STRICT;
INSERT INTO totals VALUES (1, 0, 0, 0, 0);
)",
    // A number is never given again, so that whoever removes what was sent removes nothing else.
    R"(
CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  user INTEGER NOT NULL REFERENCES users (user),
  generation INTEGER NOT NULL,
  number INTEGER NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_user ON outbox (user);
)",
};

using Objects = std::map<std::string, std::string>;

Result<Objects> objects_of(SqliteConnection& connection) {
  auto rows = connection.query("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
  if (!rows) return std::move(rows).error();
  Objects objects;
  while (true) {
    auto more = rows->next();
    if (!more) return std::move(more).error();
    if (!*more) return objects;
    objects.emplace(rows->text(0), rows->text(1));
  }
}

}  // namespace

std::span<const char* const> sqlite_steps() { return steps; }

Status migrate_sqlite(SqliteConnection& connection) {
  auto version = connection.number("PRAGMA user_version");
  if (!version) return std::move(version).error();
  const auto latest = static_cast<std::int64_t>(steps.size());
  if (*version > latest)
    return Error{ErrorCode::unsupported_version,
                 fmt::format("its tables have version {}; this build knows versions up to {}", *version, latest)};
  if (*version < 0) return Error{ErrorCode::malformed, fmt::format("its tables have version {}", *version)};
  for (std::int64_t step = *version; step < latest; ++step) {
    auto done =
        connection.run(fmt::format("BEGIN IMMEDIATE; {} PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT;",
                                   steps[static_cast<std::size_t>(step)], sqlite_application_id, step + 1));
    if (!done) {
      if (connection.is_in_transaction()) static_cast<void>(connection.run("ROLLBACK"));
      return done;
    }
  }
  return Ok{};
}

Status compare_schema(SqliteConnection& connection) {
  auto fresh = SqliteConnection::open(":memory:");
  if (!fresh) return std::move(fresh).error();
  if (auto made = migrate_sqlite(**fresh); !made) return made;
  auto expected = objects_of(**fresh);
  if (!expected) return std::move(expected).error();
  auto found = objects_of(connection);
  if (!found) return std::move(found).error();
  for (const auto& [name, sql] : *expected) {
    const auto object = found->find(name);
    if (object == found->end() || object->second != sql)
      return Error{ErrorCode::malformed, fmt::format("its table or index '{}' is missing or not Sotto's", name)};
  }
  return Ok{};
}

}  // namespace sotto::store
