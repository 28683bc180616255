// Users, their events and their snapshots in SQLite.
#include <sotto/store/internal/packed_state.hpp>
#include <sotto/store/internal/sqlite_store.hpp>

#include <algorithm>

namespace sotto::store {

Result<SqliteUser> SqliteStore::find(SqliteConnection& connection, const std::string& user) {
  auto rows = connection.query(
      "SELECT user, generation, coalesce((SELECT max(number) FROM events e WHERE e.user = u.user), "
      "(SELECT at FROM snapshots s WHERE s.user = u.user), 0) FROM users u WHERE id = ?",
      user);
  if (!rows) return std::move(rows).error();
  auto found = rows->next();
  if (!found) return std::move(found).error();
  if (!*found) return SqliteUser{};
  return SqliteUser{rows->integer(0), {rows->natural(1), rows->natural(2)}};
}

Result<std::uint64_t> SqliteStore::next_generation() {
  auto generation = writer_->number("UPDATE totals SET generation = generation + 1 RETURNING generation");
  if (!generation) return std::move(generation).error();
  return static_cast<std::uint64_t>(*generation);
}

Result<SqliteUser> SqliteStore::insert_user(const std::string& user) {
  auto generation = next_generation();
  if (!generation) return std::move(generation).error();
  if (auto made = writer_->execute("INSERT INTO users (id, generation) VALUES (?, ?)", user, *generation); !made)
    return std::move(made).error();
  const SqliteUser inserted{writer_->last_row(), {*generation, 0}};
  if (auto counted = writer_->execute("UPDATE totals SET users = users + 1"); !counted)
    return std::move(counted).error();
  return inserted;
}

Result<std::vector<Appended>> SqliteStore::append(std::span<const Append> requests) {
  if (auto checked = check_appends(requests); !checked) return std::move(checked).error();
  return write([&]() -> Result<std::vector<Appended>> {
    std::vector<Appended> results;
    std::uint64_t added = 0;
    for (const Append& request : requests) {
      auto appended = append_one(request);
      if (!appended) return std::move(appended).error();
      if (appended->kind == Appended::Kind::added) added += request.events.size();
      results.push_back(std::move(appended).value());
    }
    if (added > 0) {
      if (auto counted = writer_->execute("UPDATE totals SET events = events + ?", added); !counted)
        return std::move(counted).error();
    }
    return results;
  });
}

Result<Appended> SqliteStore::append_one(const Append& request) {
  auto user = find(*writer_, request.user);
  if (!user) return std::move(user).error();
  if (!request.key.empty() && user->row != 0) {
    auto seen = writer_->query("SELECT content, answer FROM idempotency WHERE user = ? AND key = ? AND stored > ?",
                               user->row, request.key, request.now - std::int64_t{idempotency_days} * 86400);
    if (!seen) return std::move(seen).error();
    auto again = seen->next();
    if (!again) return std::move(again).error();
    if (*again) {
      if (seen->text(0) != request.content) return Appended{Appended::Kind::key_reused, user->head, {}};
      return Appended{Appended::Kind::repeated, user->head, std::string(seen->text(1))};
    }
  }
  if (request.events.empty() && request.key.empty()) return Appended{Appended::Kind::added, user->head, request.answer};

  if (user->row == 0) {
    user = insert_user(request.user);
    if (!user) return std::move(user).error();
  }
  for (std::size_t place = 0; place < request.events.size(); ++place) {
    const Event& event = request.events[place];
    auto added = writer_->execute("INSERT INTO events (user, number, item, at, kind, amount) VALUES (?, ?, ?, ?, ?, ?)",
                                  user->row, ++user->head.last, event.item, event.at, std::int64_t{event.kind},
                                  static_cast<double>(event.amount));
    if (!added) return std::move(added).error();
    if (request.outgoing.empty()) continue;
    auto listed = writer_->execute("INSERT INTO outbox (user, generation, number, value) VALUES (?, ?, ?, ?)",
                                   user->row, user->head.generation, user->head.last, request.outgoing[place]);
    if (!listed) return std::move(listed).error();
  }
  if (!request.key.empty()) {
    auto kept = writer_->execute(
        "INSERT OR REPLACE INTO idempotency (user, key, content, answer, stored) "
        "VALUES (?, ?, ?, ?, ?)",
        user->row, request.key, request.content, request.answer, request.now);
    if (!kept) return std::move(kept).error();
  }
  return Appended{Appended::Kind::added, user->head, request.answer};
}

Result<UserHead> SqliteStore::head(const std::string& user) {
  return read([&](SqliteConnection& connection) -> Result<UserHead> {
    auto found = find(connection, user);
    if (!found) return std::move(found).error();
    return found->head;
  });
}

Result<StoredUser> SqliteStore::load(const std::string& user, UserHead known) {
  return read([&](SqliteConnection& connection) -> Result<StoredUser> {
    auto found = find(connection, user);
    if (!found) return std::move(found).error();
    StoredUser stored{found->head, std::nullopt, {}};
    if (found->row == 0) return stored;

    std::uint64_t after = 0;
    {
      auto rows = connection.query("SELECT at, model, size, checksum, state FROM snapshots WHERE user = ?", found->row);
      if (!rows) return std::move(rows).error();
      auto has_snapshot = rows->next();
      if (!has_snapshot) return std::move(has_snapshot).error();
      if (*has_snapshot) after = rows->natural(0);
      const bool suffices =
          known.generation == found->head.generation && known.last <= found->head.last && known.last >= after;
      if (suffices) {
        after = known.last;
      } else if (*has_snapshot) {
        auto state = unpack_state(rows->blob(4), rows->natural(2), rows->natural(3));
        if (!state) return std::move(state).error();
        stored.snapshot = Snapshot{after, rows->natural(1), std::move(state).value()};
      }
    }
    auto rows = connection.query(
        "SELECT item, at, kind, amount FROM events WHERE user = ? AND number > ? ORDER BY number", found->row, after);
    if (!rows) return std::move(rows).error();
    while (true) {
      auto more = rows->next();
      if (!more) return std::move(more).error();
      if (!*more) break;
      stored.events.push_back({std::string(rows->text(0)), rows->integer(1),
                               static_cast<std::uint32_t>(rows->integer(2)), static_cast<float>(rows->real(3))});
    }
    if (stored.events.size() != found->head.last - after)
      return Error{ErrorCode::malformed, description() + " lacks events of a user: run `sotto serve --check`"};
    return stored;
  });
}

Status SqliteStore::put_snapshot(std::int64_t row, const Snapshot& snapshot) {
  auto packed = pack_state(snapshot.state);
  if (!packed) return std::move(packed).error();
  auto put = writer_->execute(
      "INSERT OR REPLACE INTO snapshots (user, at, model, size, checksum, state) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      row, snapshot.at, snapshot.model, packed->size, packed->checksum, packed->bytes);
  if (!put) return std::move(put).error();
  auto removed = writer_->execute("DELETE FROM events WHERE user = ? AND number <= ?", row, snapshot.at);
  if (!removed) return std::move(removed).error();
  if (*removed > 0) {
    if (auto counted = writer_->execute("UPDATE totals SET events = events - ?", *removed); !counted)
      return std::move(counted).error();
  }
  return Ok{};
}

Status SqliteStore::save_snapshots(std::span<const SnapshotWrite> snapshots) {
  return write([&]() -> Status {
    for (const SnapshotWrite& entry : snapshots) {
      auto user = find(*writer_, entry.user);
      if (!user) return std::move(user).error();
      if (user->row == 0 || user->head.generation != entry.generation || user->head.last < entry.snapshot.at) continue;
      auto stored = writer_->number("SELECT coalesce((SELECT at FROM snapshots WHERE user = ?), 0)", user->row);
      if (!stored) return std::move(stored).error();
      if (static_cast<std::uint64_t>(*stored) > entry.snapshot.at) continue;
      if (auto put = put_snapshot(user->row, entry.snapshot); !put) return put;
    }
    return Ok{};
  });
}

Result<std::uint64_t> SqliteStore::users_of(std::uint64_t model) {
  return read([&](SqliteConnection& connection) -> Result<std::uint64_t> {
    auto rows = connection.query("SELECT count(*) FROM snapshots WHERE model = ?", model);
    if (!rows) return std::move(rows).error();
    if (auto counted = rows->next(); !counted) return std::move(counted).error();
    return rows->natural(0);
  });
}

Result<UserHead> SqliteStore::replace(const std::string& user, UserHead expected, const Snapshot& state) {
  if (auto checked = check_user_id(user); !checked) return std::move(checked).error();
  return write([&]() -> Result<UserHead> {
    auto found = find(*writer_, user);
    if (!found) return std::move(found).error();
    if (found->head != expected) return Error{ErrorCode::mismatch, "the user's state changed since it was read"};
    if (found->row == 0) {
      found = insert_user(user);
      if (!found) return std::move(found).error();
    } else {
      auto generation = next_generation();
      if (!generation) return std::move(generation).error();
      found->head.generation = *generation;
      if (auto moved = writer_->execute("UPDATE users SET generation = ? WHERE user = ?", *generation, found->row);
          !moved)
        return std::move(moved).error();
    }
    if (auto put = put_snapshot(found->row, {found->head.last, state.model, state.state}); !put)
      return std::move(put).error();
    return found->head;
  });
}

Status SqliteStore::erase(std::int64_t row) {
  auto events = writer_->execute("DELETE FROM events WHERE user = ?", row);
  if (!events) return std::move(events).error();
  for (const std::string_view sql : {"DELETE FROM snapshots WHERE user = ?", "DELETE FROM idempotency WHERE user = ?",
                                     "DELETE FROM outbox WHERE user = ?", "DELETE FROM users WHERE user = ?"}) {
    if (auto removed = writer_->execute(sql, row); !removed) return std::move(removed).error();
  }
  if (auto counted = writer_->execute("UPDATE totals SET users = users - 1, events = events - ?", *events); !counted)
    return std::move(counted).error();
  return Ok{};
}

Result<bool> SqliteStore::forget(const std::string& user, std::int64_t now) {
  if (!forgotten_) return Error{ErrorCode::unsupported, "a store that another process has cannot forget"};
  const std::scoped_lock lock(writing_);
  bool is_listed = false;
  auto forgotten = transact([&]() -> Result<bool> {
    auto found = find(*writer_, user);
    if (!found) return std::move(found).error();
    if (found->row == 0) return false;
    if (auto erased = erase(found->row); !erased) return std::move(erased).error();
    // The list before the commit: if the process ends in between, the next start forgets the user.
    auto number = forgotten_->add(user, now);
    if (!number) return std::move(number).error();
    is_listed = true;
    if (auto noted = writer_->execute("UPDATE totals SET forgotten = ?", *number); !noted)
      return std::move(noted).error();
    return true;
  });
  if (!forgotten && is_listed) static_cast<void>(forgotten_->take_back());
  if (!forgotten || !*forgotten) return forgotten;
  if (auto truncated = truncate_log(); !truncated) return std::move(truncated).error();
  return true;
}

Status SqliteStore::apply_forgotten() {
  auto applied = writer_->number("SELECT forgotten FROM totals");
  if (!applied) return std::move(applied).error();
  const auto entries = forgotten_->after(static_cast<std::uint64_t>(*applied));
  if (entries.empty()) return Ok{};
  return write([&]() -> Status {
    std::vector<std::int64_t> found;
    {
      auto rows = writer_->query("SELECT user, id FROM users");
      if (!rows) return std::move(rows).error();
      while (true) {
        auto more = rows->next();
        if (!more) return std::move(more).error();
        if (!*more) break;
        if (entries.contains(forgotten_->hash(rows->text(1)))) found.push_back(rows->integer(0));
      }
    }
    for (const std::int64_t row : found) {
      if (auto erased = erase(row); !erased) return erased;
    }
    auto noted = writer_->execute("UPDATE totals SET forgotten = ?", forgotten_->last());
    if (!noted) return std::move(noted).error();
    return Ok{};
  });
}

}  // namespace sotto::store
