// Cleaning, measuring and checking the PostgreSQL database.
#include <sotto/store/internal/forgotten_users.hpp>
#include <sotto/store/internal/packed_state.hpp>
#include <sotto/store/internal/postgres_store.hpp>
#include <sotto/store/internal/problems.hpp>

#include <fmt/format.h>

#include <array>

namespace sotto::store {
namespace {

constexpr std::int64_t deleted_at_a_time = 1000;
constexpr std::int64_t snapshots_at_a_time = 200;
// Counting this many rows takes some milliseconds; PostgreSQL's estimate of larger tables is good enough for a figure.
constexpr std::int64_t max_counted = 100'000;

Status check_numbers(PostgresConnection& connection, Problems& problems) {
  auto rows = connection.query(
      "SELECT u.user_number, u.last, coalesce(s.at, 0), coalesce(e.count, 0), coalesce(e.first, 0), "
      "coalesce(e.latest, 0) FROM sotto.users u LEFT JOIN sotto.snapshots s USING (user_number) LEFT JOIN "
      "(SELECT user_number, count(*) AS count, min(number) AS first, max(number) AS latest FROM sotto.events "
      "GROUP BY user_number) e USING (user_number) "
      "WHERE u.last - coalesce(s.at, 0) <> coalesce(e.count, 0) OR (e.count > 0 AND e.latest <> u.last) LIMIT 100");
  if (!rows) return std::move(rows).error();
  for (int i = 0; i < rows->size(); ++i) {
    const auto user = rows->integer(i, 0);
    if (rows->integer(i, 2) > rows->integer(i, 1))
      problems.add(fmt::format("the snapshot of the user in row {} is at event {}, but the user's latest event is {}",
                               user, rows->integer(i, 2), rows->integer(i, 1)));
    else
      problems.add(fmt::format("the user in row {} should have the events {} to {}, but has {} events from {} to {}",
                               user, rows->integer(i, 2) + 1, rows->integer(i, 1), rows->integer(i, 3),
                               rows->integer(i, 4), rows->integer(i, 5)));
  }
  return Ok{};
}

Status check_owners(PostgresConnection& connection, Problems& problems) {
  auto rows = connection.query(
      "SELECT 1, count(*) FROM sotto.events t LEFT JOIN sotto.users u USING (user_number) WHERE u.id IS NULL UNION ALL "
      "SELECT 2, count(*) FROM sotto.snapshots t LEFT JOIN sotto.users u USING (user_number) WHERE u.id IS NULL UNION "
      "ALL "
      "SELECT 3, count(*) FROM sotto.idempotency t LEFT JOIN sotto.users u USING (user_number) WHERE u.id IS NULL "
      "UNION "
      "ALL "
      "SELECT 4, count(*) FROM sotto.outbox t LEFT JOIN sotto.users u USING (user_number) WHERE u.id IS NULL");
  if (!rows) return std::move(rows).error();
  for (int i = 0; i < rows->size(); ++i) {
    if (rows->integer(i, 1) == 0) continue;
    constexpr std::array tables = {"events", "snapshots", "idempotency", "outbox"};
    problems.add(fmt::format("{} rows of the table {} belong to no user", rows->integer(i, 1),
                             tables[static_cast<std::size_t>(rows->integer(i, 0) - 1)]));
  }
  return Ok{};
}

Status check_states(PostgresConnection& connection, Problems& problems) {
  for (std::int64_t after = 0;;) {
    auto rows = connection.query(
        "SELECT user_number, size, checksum, state FROM sotto.snapshots "
        "WHERE user_number > $1 ORDER BY user_number LIMIT $2",
        PostgresValues().add(after).add(snapshots_at_a_time));
    if (!rows) return std::move(rows).error();
    if (rows->size() == 0) return Ok{};
    for (int i = 0; i < rows->size(); ++i) {
      after = rows->integer(i, 0);
      if (!unpack_state(rows->bytes(i, 3), rows->natural(i, 1), rows->natural(i, 2)))
        problems.add(fmt::format("the snapshot of the user in row {} does not match its checksum", after));
    }
  }
}

}  // namespace

Status PostgresStore::clean(std::int64_t now, std::int64_t figures_before, std::int64_t sealed_before) {
  const auto remove = [&](std::string_view sql, std::int64_t before) -> Status {
    while (true) {
      auto removed = pool_.transact([&](PostgresConnection& connection) {
        return connection.query(sql, PostgresValues().add(before).add(deleted_at_a_time));
      });
      if (!removed) return std::move(removed).error();
      if (removed->written() < deleted_at_a_time) return Ok{};
    }
  };
  // Rows that another server is removing are skipped.
  if (auto done = remove("DELETE FROM sotto.idempotency WHERE ctid = ANY (ARRAY (SELECT ctid FROM sotto.idempotency "
                         "WHERE stored <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))",
                         now - std::int64_t{idempotency_days} * 86400);
      !done)
    return done;
  if (auto done = remove("DELETE FROM sotto.figures WHERE ctid = ANY (ARRAY (SELECT ctid FROM sotto.figures "
                         "WHERE period < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))",
                         figures_before);
      !done)
    return done;
  if (auto done = remove("DELETE FROM sotto.sealed_backups WHERE ctid = ANY (ARRAY (SELECT ctid FROM "
                         "sotto.sealed_backups WHERE stored < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))",
                         sealed_before);
      !done)
    return done;
  return remove(
      "DELETE FROM sotto.forgotten WHERE number = ANY (ARRAY (SELECT number FROM sotto.forgotten "
      "WHERE at < $1 LIMIT $2))",
      now - std::int64_t{forgotten_days} * 86400);
}

Result<StoreSize> PostgresStore::size() {
  return pool_.read([&](PostgresConnection& connection) -> Result<StoreSize> {
    auto rows = connection.query(
        "SELECT (SELECT reltuples::bigint FROM pg_class WHERE oid = 'sotto.users'::regclass), "
        "(SELECT reltuples::bigint FROM pg_class WHERE oid = 'sotto.events'::regclass), "
        "(SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE n.nspname = 'sotto' AND c.relkind IN ('r', 'S')), "
        "(SELECT version FROM sotto.server)");
    if (!rows) return std::move(rows).error();
    StoreSize size{rows->natural(0, 0), rows->natural(0, 1), rows->natural(0, 2),
                   static_cast<int>(rows->integer(0, 3))};
    if (rows->integer(0, 0) < max_counted) {
      auto users = connection.query("SELECT count(*) FROM sotto.users");
      if (!users) return std::move(users).error();
      size.users = users->natural(0, 0);
    }
    if (rows->integer(0, 1) < max_counted) {
      auto events = connection.query("SELECT count(*) FROM sotto.events");
      if (!events) return std::move(events).error();
      size.events = events->natural(0, 0);
    }
    return size;
  });
}

Status PostgresStore::backup(const std::filesystem::path& /*file*/) {
  return Error{ErrorCode::unsupported,
               fmt::format("{} is backed up by PostgreSQL's own programs: pg_dump --schema=sotto, or pg_basebackup",
                           description())};
}

Result<std::vector<std::string>> PostgresStore::check() {
  return pool_.read([&](PostgresConnection& connection) -> Result<std::vector<std::string>> {
    Problems problems;
    for (const auto& part : {check_numbers, check_owners, check_states}) {
      if (auto looked = part(connection, problems); !looked) {
        // Damage ends the walk: what was found until then is the answer.
        if (looked.error().code != ErrorCode::malformed) return std::move(looked).error();
        problems.add(looked.error().detail);
        break;
      }
    }
    return problems.take();
  });
}

}  // namespace sotto::store
