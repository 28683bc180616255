// Cleaning, measuring, copying and checking the SQLite file.
#include <sotto/store/internal/packed_state.hpp>
#include <sotto/store/internal/problems.hpp>
#include <sotto/store/internal/sqlite_schema.hpp>
#include <sotto/store/internal/sqlite_store.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace sotto::store {
namespace {

// Rows that are removed in a transaction: requests get their turn in between.
constexpr int rows_at_a_time = 1000;

// Adds a problem for each row, which `describe` puts into words.
template <class Describe>
Status add_rows(SqliteConnection& connection, std::string_view sql, const Describe& describe, Problems& problems) {
  auto rows = connection.query(sql);
  if (!rows) return std::move(rows).error();
  while (true) {
    auto more = rows->next();
    if (!more) return std::move(more).error();
    if (!*more) return Ok{};
    if (std::string problem = describe(*rows); !problem.empty()) problems.add(std::move(problem));
  }
}

Status check_pages(SqliteConnection& connection, Problems& problems) {
  auto pages = add_rows(
      connection, "PRAGMA integrity_check",
      [](SqliteRows& row) { return row.text(0) == "ok" ? std::string() : std::string(row.text(0)); }, problems);
  if (!pages) return pages;
  return add_rows(
      connection, "PRAGMA foreign_key_check",
      [](SqliteRows& row) {
        return fmt::format("a row of the table {} belongs to no row of {}", row.text(0), row.text(2));
      },
      problems);
}

Status check_users(SqliteConnection& connection, Problems& problems) {
  auto numbers = add_rows(
      connection,
      "SELECT e.user, e.latest, coalesce(s.at, 0), e.count, e.first, e.latest FROM "
      "(SELECT user, count(*) AS count, min(number) AS first, max(number) AS latest FROM events GROUP BY user) e "
      "LEFT JOIN snapshots s ON s.user = e.user WHERE e.latest - coalesce(s.at, 0) <> e.count",
      [](SqliteRows& row) {
        if (row.integer(2) > row.integer(1))
          return fmt::format("the snapshot of the user in row {} is at event {}, but the user's latest event is {}",
                             row.integer(0), row.integer(2), row.integer(1));
        return fmt::format("the user in row {} should have the events {} to {}, but has {} events from {} to {}",
                           row.integer(0), row.integer(2) + 1, row.integer(1), row.integer(3), row.integer(4),
                           row.integer(5));
      },
      problems);
  if (!numbers) return numbers;
  auto states = add_rows(
      connection, "SELECT user, size, checksum, state FROM snapshots",
      [](SqliteRows& row) {
        if (unpack_state(row.blob(3), row.natural(1), row.natural(2))) return std::string();
        return fmt::format("the snapshot of the user in row {} does not match its checksum", row.integer(0));
      },
      problems);
  if (!states) return states;
  return add_rows(
      connection,
      "SELECT users, (SELECT count(*) FROM users), events, (SELECT count(*) FROM events), generation, "
      "(SELECT coalesce(max(generation), 0) FROM users) FROM totals",
      [](SqliteRows& row) {
        if (row.integer(0) == row.integer(1) && row.integer(2) == row.integer(3) && row.integer(4) >= row.integer(5))
          return std::string();
        return fmt::format("the totals say {} users and {} events; there are {} and {}", row.integer(0), row.integer(2),
                           row.integer(1), row.integer(3));
      },
      problems);
}

}  // namespace

Status SqliteStore::clean(std::int64_t now, std::int64_t figures_before, std::int64_t sealed_before) {
  if (!forgotten_) return Error{ErrorCode::unsupported, "a store that another process has cannot be cleaned"};
  const auto remove = [&](std::string_view sql, std::int64_t before) -> Status {
    while (true) {
      auto removed = write([&] { return writer_->execute(sql, before, rows_at_a_time); });
      if (!removed) return std::move(removed).error();
      if (*removed < rows_at_a_time) return Ok{};
    }
  };
  // Keys are in the order of their time. Those of a clock that was ahead must not stand before the others for ever.
  const auto remove_keys = [&](std::int64_t before, std::int64_t after) -> Status {
    while (true) {
      auto removed = write([&] {
        return writer_->execute(
            "DELETE FROM idempotency WHERE number IN (SELECT number FROM idempotency ORDER BY number "
            "LIMIT ?) AND (stored <= ? OR stored > ?)",
            rows_at_a_time, before, after);
      });
      if (!removed) return std::move(removed).error();
      if (*removed < rows_at_a_time) return Ok{};
    }
  };
  if (auto done = remove_keys(now - std::int64_t{idempotency_days} * 86400, now + 86400); !done) return done;
  if (auto done = remove("DELETE FROM figures WHERE (period, server, version) IN "
                         "(SELECT period, server, version FROM figures WHERE period < ? LIMIT ?)",
                         figures_before);
      !done)
    return done;
  if (auto done = remove("DELETE FROM sealed_backups WHERE rowid IN "
                         "(SELECT rowid FROM sealed_backups WHERE stored < ? LIMIT ?)",
                         sealed_before);
      !done)
    return done;
  const std::scoped_lock lock(writing_);
  if (auto dropped = forgotten_->drop_old(now); !dropped) return dropped;
  return truncate_log();
}

Result<StoreSize> SqliteStore::size() {
  auto size = read([&](SqliteConnection& connection) -> Result<StoreSize> {
    auto rows = connection.query("SELECT users, events, (SELECT user_version FROM pragma_user_version) FROM totals");
    if (!rows) return std::move(rows).error();
    if (auto found = rows->next(); !found) return std::move(found).error();
    return StoreSize{rows->natural(0), rows->natural(1), 0, static_cast<int>(rows->integer(2))};
  });
  if (!size) return size;
  for (const char* ending : {"", "-wal"}) {
    auto name = file_;
    name += ending;
    std::error_code missing;
    const auto bytes = std::filesystem::file_size(name, missing);
    if (!missing) size->bytes += bytes;
  }
  return size;
}

Status SqliteStore::backup(const std::filesystem::path& file) {
  std::error_code failure;
  if (std::filesystem::exists(std::filesystem::symlink_status(file, failure)))
    return Error{ErrorCode::io, fmt::format("'{}' exists; a backup replaces no file", file.string())};
  auto unfinished = file;
  unfinished += fmt::format(".{}.new", ::getpid());
  ::unlink(unfinished.c_str());
  const auto copy = [&]() -> Status {
    {
      // SQLite fills an empty file, which only the server may read.
      const auto made = replace_file(unfinished, "");
      if (!made) return made;
      auto connection = SqliteConnection::open(file_);
      if (!connection) return std::move(connection).error();
      // One read of the whole file, as it is at this moment. Writers go on; the copy has no free pages.
      auto copied = (*connection)->execute("VACUUM INTO ?", unfinished.string());
      if (!copied) return Error{std::move(copied).error().code, "cannot back up: " + (*connection)->failure().detail};
    }
    if (auto synced = sync_file(unfinished); !synced) return synced;
    return rename_without_replacing(unfinished, file);
  };
  ++long_reads_;
  auto copied = copy();
  --long_reads_;
  if (!copied) ::unlink(unfinished.c_str());
  // Who was forgotten meanwhile is still in the log.
  const std::scoped_lock lock(writing_);
  auto truncated = truncate_log();
  return copied ? truncated : copied;
}

Result<std::vector<std::string>> SqliteStore::check() {
  ++long_reads_;
  auto found = read([&](SqliteConnection& connection) -> Result<std::vector<std::string>> {
    Problems problems;
    for (const auto& part : {check_pages, check_users}) {
      if (auto looked = part(connection, problems); !looked) {
        // Damage ends the walk: what was found until then is the answer.
        if (looked.error().code != ErrorCode::malformed) return std::move(looked).error();
        problems.add(looked.error().detail);
        break;
      }
    }
    if (auto compared = compare_schema(connection); !compared) problems.add(compared.error().detail);
    return problems.take();
  });
  --long_reads_;
  const std::scoped_lock lock(writing_);
  static_cast<void>(truncate_log());  // what it would say, the check has said
  return found;
}

}  // namespace sotto::store
