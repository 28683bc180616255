// Users, their events and their snapshots in PostgreSQL. Whoever changes a user's rows holds a lock on the user's row,
// and locks several in the order of their ids, so that servers wait for each other and never in a circle.
#include <sotto/store/internal/forgotten_users.hpp>
#include <sotto/store/internal/packed_state.hpp>
#include <sotto/store/internal/postgres_store.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace sotto::store {
namespace {

struct LockedUser {
  std::int64_t row = 0;
  UserHead head;
  bool is_new = false;  // inserted for a request of this call that is still to come
};
using LockedUsers = std::map<std::string, LockedUser, std::less<>>;

// Locks those of the users that there are.
Result<LockedUsers> lock_users(PostgresConnection& connection, const std::set<std::string_view>& users) {
  auto rows = connection.query(
      "SELECT id, user_number, generation, last FROM sotto.users WHERE id = ANY ($1) ORDER BY id FOR UPDATE",
      PostgresValues().add(std::vector(users.begin(), users.end())));
  if (!rows) return std::move(rows).error();
  LockedUsers locked;
  for (int i = 0; i < rows->size(); ++i)
    locked.emplace(rows->text(i, 0), LockedUser{rows->integer(i, 1), {rows->natural(i, 2), rows->natural(i, 3)}});
  return locked;
}

Status insert_users(PostgresConnection& connection, const std::vector<std::string_view>& ids, LockedUsers& locked) {
  if (ids.empty()) return Ok{};
  auto rows = connection.query(
      "INSERT INTO sotto.users (id, generation, last) SELECT id, nextval('sotto.generations'), 0 "
      "FROM (SELECT id FROM unnest($1::bytea[]) AS new (id) ORDER BY id) AS new "
      "ON CONFLICT DO NOTHING RETURNING id, user_number, generation",
      PostgresValues().add(ids));
  if (!rows) return std::move(rows).error();
  // Another server inserted one of them meanwhile.
  if (static_cast<std::size_t>(rows->size()) != ids.size()) return connection.conflict();
  for (int i = 0; i < rows->size(); ++i)
    locked.emplace(rows->text(i, 0), LockedUser{rows->integer(i, 1), {rows->natural(i, 2), 0}, true});
  return Ok{};
}

struct SeenKey {
  std::string content;
  std::string answer;
};
using SeenKeys = std::map<std::pair<std::int64_t, std::string>, SeenKey>;

Result<SeenKeys> seen_keys(PostgresConnection& connection, std::span<const Append> requests,
                           const LockedUsers& locked) {
  std::vector<std::int64_t> users;
  std::vector<std::string_view> keys;
  std::vector<std::int64_t> since;
  for (const Append& request : requests) {
    const auto user = locked.find(request.user);
    if (request.key.empty() || user == locked.end()) continue;
    users.push_back(user->second.row);
    keys.push_back(request.key);
    since.push_back(request.now - std::int64_t{idempotency_days} * 86400);
  }
  SeenKeys seen;
  if (keys.empty()) return seen;
  auto rows = connection.query(
      "SELECT i.user_number, i.key, i.content, i.answer FROM sotto.idempotency i "
      "JOIN unnest($1::bigint[], $2::bytea[], $3::bigint[]) AS asked (user_number, key, since) "
      "ON i.user_number = asked.user_number AND i.key = asked.key AND i.stored > asked.since",
      PostgresValues().add(users).add(keys).add(since));
  if (!rows) return std::move(rows).error();
  for (int i = 0; i < rows->size(); ++i)
    seen.emplace(std::pair(rows->integer(i, 0), std::string(rows->text(i, 1))),
                 SeenKey{std::string(rows->text(i, 2)), std::string(rows->text(i, 3))});
  return seen;
}

// What a call adds, by columns.
struct Additions {
  std::vector<std::int64_t> event_user, number, at, kind;
  std::vector<float> amount;
  std::vector<std::string_view> item;
  std::map<std::int64_t, std::int64_t> last;  // by user
  std::vector<std::int64_t> key_user, stored;
  std::vector<std::string_view> key, content, answer;
  std::vector<std::int64_t> sent_user, sent_generation, sent_number;
  std::vector<std::string_view> sent_value;

  void add(const Append& request, LockedUser& user) {
    user.is_new = false;
    for (std::size_t place = 0; place < request.outgoing.size(); ++place) {
      sent_user.push_back(user.row);
      sent_generation.push_back(static_cast<std::int64_t>(user.head.generation));
      sent_number.push_back(static_cast<std::int64_t>(user.head.last + place + 1));
      sent_value.push_back(request.outgoing[place]);
    }
    for (const Event& event : request.events) {
      event_user.push_back(user.row);
      number.push_back(static_cast<std::int64_t>(++user.head.last));
      at.push_back(event.at);
      kind.push_back(event.kind);
      amount.push_back(event.amount);
      item.push_back(event.item);
    }
    if (!request.events.empty()) last[user.row] = static_cast<std::int64_t>(user.head.last);
    if (request.key.empty()) return;
    key_user.push_back(user.row);
    key.push_back(request.key);
    content.push_back(request.content);
    answer.push_back(request.answer);
    stored.push_back(request.now);
  }
};

Status write_additions(PostgresConnection& connection, const Additions& additions) {
  if (!additions.number.empty()) {
    auto events = connection.query(
        "INSERT INTO sotto.events (user_number, number, at, kind, amount, item) "
        "SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::real[], $6::bytea[])",
        PostgresValues()
            .add(additions.event_user)
            .add(additions.number)
            .add(additions.at)
            .add(additions.kind)
            .add(additions.amount)
            .add(additions.item));
    if (!events) return std::move(events).error();
    std::vector<std::int64_t> users;
    std::vector<std::int64_t> last;
    for (const auto& [user, number] : additions.last) {
      users.push_back(user);
      last.push_back(number);
    }
    auto moved = connection.query(
        "UPDATE sotto.users AS u SET last = new.last FROM unnest($1::bigint[], $2::bigint[]) AS new (user_number, "
        "last) "
        "WHERE u.user_number = new.user_number",
        PostgresValues().add(users).add(last));
    if (!moved) return std::move(moved).error();
  }
  if (!additions.sent_number.empty()) {
    // The users' rows are locked until the end: a user's sequence numbers ascend as the events' numbers do.
    auto outbox = connection.query(
        "INSERT INTO sotto.outbox (user_number, generation, number, value) "
        "SELECT user_number, generation, number, value "
        "FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) "
        "WITH ORDINALITY AS new (user_number, generation, number, value, place) ORDER BY place",
        PostgresValues()
            .add(additions.sent_user)
            .add(additions.sent_generation)
            .add(additions.sent_number)
            .add(additions.sent_value));
    if (!outbox) return std::move(outbox).error();
  }
  if (!additions.key.empty()) {
    auto keys = connection.query(
        "INSERT INTO sotto.idempotency (user_number, key, content, answer, stored) "
        "SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bigint[]) "
        "ON CONFLICT (user_number, key) DO UPDATE "
        "SET content = excluded.content, answer = excluded.answer, stored = excluded.stored",
        PostgresValues()
            .add(additions.key_user)
            .add(additions.key)
            .add(additions.content)
            .add(additions.answer)
            .add(additions.stored));
    if (!keys) return std::move(keys).error();
  }
  return Ok{};
}

Result<std::vector<Appended>> append_locked(PostgresConnection& connection, std::span<const Append> requests,
                                            LockedUsers& locked) {
  auto seen = seen_keys(connection, requests, locked);
  if (!seen) return std::move(seen).error();
  std::vector<Appended> results;
  Additions additions;
  for (const Append& request : requests) {
    const auto found = locked.find(request.user);
    const bool is_question = request.events.empty() && request.key.empty();
    if (found == locked.end() || (is_question && found->second.is_new)) {
      results.push_back({Appended::Kind::added, {}, request.answer});
      continue;
    }
    LockedUser& user = found->second;
    if (!request.key.empty()) {
      const auto [again, is_new] = seen->try_emplace({user.row, request.key}, SeenKey{request.content, request.answer});
      if (!is_new) {
        const bool is_same = again->second.content == request.content;
        results.push_back({is_same ? Appended::Kind::repeated : Appended::Kind::key_reused, user.head,
                           is_same ? again->second.answer : ""});
        continue;
      }
    }
    additions.add(request, user);
    results.push_back({Appended::Kind::added, user.head, request.answer});
  }
  if (auto written = write_additions(connection, additions); !written) return std::move(written).error();
  return results;
}

Status put_snapshots(PostgresConnection& connection, const std::map<std::int64_t, const Snapshot*>& snapshots) {
  std::vector<PackedState> packed;
  std::vector<std::int64_t> users, at, model, size, checksum;
  for (const auto& [user, snapshot] : snapshots) {
    auto state = pack_state(snapshot->state);
    if (!state) return std::move(state).error();
    users.push_back(user);
    at.push_back(static_cast<std::int64_t>(snapshot->at));
    model.push_back(static_cast<std::int64_t>(snapshot->model));
    size.push_back(static_cast<std::int64_t>(state->size));
    checksum.push_back(static_cast<std::int64_t>(state->checksum));
    packed.push_back(std::move(state).value());
  }
  std::vector<std::string_view> states;
  for (const PackedState& state : packed) states.push_back(PostgresValues::text_of(state.bytes));
  auto put = connection.query(
      "INSERT INTO sotto.snapshots (user_number, at, model, size, checksum, state) "
      "SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[]) "
      "ON CONFLICT (user_number) DO UPDATE SET at = excluded.at, model = excluded.model, size = excluded.size, "
      "checksum = excluded.checksum, state = excluded.state",
      PostgresValues().add(users).add(at).add(model).add(size).add(checksum).add(states));
  if (!put) return std::move(put).error();
  auto removed = connection.query(
      "DELETE FROM sotto.events AS e USING unnest($1::bigint[], $2::bigint[]) AS done (user_number, at) "
      "WHERE e.user_number = done.user_number AND e.number <= done.at",
      PostgresValues().add(users).add(at));
  if (!removed) return std::move(removed).error();
  return Ok{};
}

Status erase_user(PostgresConnection& connection, std::int64_t user) {
  for (const std::string_view sql :
       {"DELETE FROM sotto.events WHERE user_number = $1", "DELETE FROM sotto.snapshots WHERE user_number = $1",
        "DELETE FROM sotto.idempotency WHERE user_number = $1", "DELETE FROM sotto.outbox WHERE user_number = $1",
        "DELETE FROM sotto.users WHERE user_number = $1"}) {
    if (auto removed = connection.query(sql, PostgresValues().add(user)); !removed) return std::move(removed).error();
  }
  return Ok{};
}

}  // namespace

Result<std::vector<Appended>> PostgresStore::append(std::span<const Append> requests) {
  if (auto checked = check_appends(requests); !checked) return std::move(checked).error();
  if (requests.empty()) return std::vector<Appended>();
  std::set<std::string_view> users;
  std::set<std::string_view> writers;
  for (const Append& request : requests) {
    users.insert(request.user);
    if (!request.events.empty() || !request.key.empty()) writers.insert(request.user);
  }
  return pool_.transact([&](PostgresConnection& connection) -> Result<std::vector<Appended>> {
    auto locked = lock_users(connection, users);
    if (!locked) return std::move(locked).error();
    std::vector<std::string_view> missing;
    for (const std::string_view user : writers) {
      if (!locked->contains(user)) missing.push_back(user);
    }
    if (auto made = insert_users(connection, missing, *locked); !made) return std::move(made).error();
    return append_locked(connection, requests, *locked);
  });
}

Result<UserHead> PostgresStore::head(const std::string& user) {
  return pool_.query([&](PostgresConnection& connection) -> Result<UserHead> {
    auto rows = connection.query("SELECT generation, last FROM sotto.users WHERE id = $1", PostgresValues().add(user));
    if (!rows) return std::move(rows).error();
    if (rows->size() == 0) return UserHead{};
    return UserHead{rows->natural(0, 0), rows->natural(0, 1)};
  });
}

Result<StoredUser> PostgresStore::load(const std::string& user, UserHead known) {
  return pool_.query([&](PostgresConnection& connection) -> Result<StoredUser> {
    // One statement sees one state of the database. The snapshot's bytes come with the first row only.
    auto rows = connection.query(
        "SELECT u.generation, u.last, start.after, s.model, s.size, s.checksum, "
        "CASE WHEN NOT start.suffices AND coalesce(e.number, start.after + 1) = start.after + 1 THEN s.state END, "
        "e.item, e.at, e.kind, e.amount "
        "FROM sotto.users u LEFT JOIN sotto.snapshots s ON s.user_number = u.user_number "
        "CROSS JOIN LATERAL (SELECT u.generation = $2 AND $3 <= u.last AND $3 >= coalesce(s.at, 0) AS suffices) AS "
        "knows "
        "CROSS JOIN LATERAL (SELECT knows.suffices, "
        "CASE WHEN knows.suffices THEN $3 ELSE coalesce(s.at, 0) END AS after) AS start "
        "LEFT JOIN sotto.events e ON e.user_number = u.user_number AND e.number > start.after "
        "WHERE u.id = $1 ORDER BY e.number",
        PostgresValues().add(user).add(known.generation).add(known.last));
    if (!rows) return std::move(rows).error();
    StoredUser stored;
    if (rows->size() == 0) return stored;
    stored.head = {rows->natural(0, 0), rows->natural(0, 1)};
    if (!rows->is_null(0, 6)) {
      auto state = unpack_state(rows->bytes(0, 6), rows->natural(0, 4), rows->natural(0, 5));
      if (!state) return std::move(state).error();
      stored.snapshot = Snapshot{rows->natural(0, 2), rows->natural(0, 3), std::move(state).value()};
    }
    for (int i = 0; i < rows->size(); ++i) {
      if (rows->is_null(i, 7)) break;
      stored.events.push_back({std::string(rows->text(i, 7)), rows->integer(i, 8),
                               static_cast<std::uint32_t>(rows->integer(i, 9)), rows->real(i, 10)});
    }
    if (stored.events.size() != stored.head.last - rows->natural(0, 2))
      return Error{ErrorCode::malformed, description() + " lacks events of a user: run `sotto serve --check`"};
    return stored;
  });
}

Status PostgresStore::save_snapshots(std::span<const SnapshotWrite> snapshots) {
  if (snapshots.empty()) return Ok{};
  std::set<std::string_view> users;
  for (const SnapshotWrite& entry : snapshots) users.insert(entry.user);
  return pool_.transact([&](PostgresConnection& connection) -> Status {
    auto locked = lock_users(connection, users);
    if (!locked) return std::move(locked).error();
    std::vector<std::int64_t> rows_of_users;
    for (const auto& [id, user] : *locked) rows_of_users.push_back(user.row);
    auto rows = connection.query("SELECT user_number, at FROM sotto.snapshots WHERE user_number = ANY ($1)",
                                 PostgresValues().add(rows_of_users));
    if (!rows) return std::move(rows).error();
    std::map<std::int64_t, std::uint64_t> at;
    for (int i = 0; i < rows->size(); ++i) at[rows->integer(i, 0)] = rows->natural(i, 1);

    std::map<std::int64_t, const Snapshot*> due;
    for (const SnapshotWrite& entry : snapshots) {
      const auto user = locked->find(entry.user);
      if (user == locked->end() || user->second.head.generation != entry.generation) continue;
      auto& stored = at[user->second.row];
      if (entry.snapshot.at > user->second.head.last || entry.snapshot.at < stored) continue;
      stored = entry.snapshot.at;
      due[user->second.row] = &entry.snapshot;
    }
    if (due.empty()) return Ok{};
    return put_snapshots(connection, due);
  });
}

Result<std::uint64_t> PostgresStore::users_of(std::uint64_t model) {
  return pool_.query([&](PostgresConnection& connection) -> Result<std::uint64_t> {
    auto rows = connection.query("SELECT count(*) FROM sotto.snapshots WHERE model = $1", PostgresValues().add(model));
    if (!rows) return std::move(rows).error();
    return rows->natural(0, 0);
  });
}

Result<UserHead> PostgresStore::replace(const std::string& user, UserHead expected, const Snapshot& state) {
  if (auto checked = check_user_id(user); !checked) return std::move(checked).error();
  return pool_.transact([&](PostgresConnection& connection) -> Result<UserHead> {
    auto locked = lock_users(connection, {user});
    if (!locked) return std::move(locked).error();
    const bool is_new = locked->empty();
    if ((is_new ? UserHead{} : locked->begin()->second.head) != expected)
      return Error{ErrorCode::mismatch, "the user's state changed since it was read"};
    if (is_new) {
      if (auto made = insert_users(connection, {user}, *locked); !made) return std::move(made).error();
    }
    LockedUser& stored = locked->begin()->second;
    if (!is_new) {
      auto moved = connection.query(
          "UPDATE sotto.users SET generation = nextval('sotto.generations') WHERE user_number = $1 RETURNING "
          "generation",
          PostgresValues().add(stored.row));
      if (!moved) return std::move(moved).error();
      stored.head.generation = moved->natural(0, 0);
    }
    const Snapshot snapshot{stored.head.last, state.model, state.state};
    if (auto put = put_snapshots(connection, {{stored.row, &snapshot}}); !put) return std::move(put).error();
    return stored.head;
  });
}

Result<bool> PostgresStore::forget(const std::string& user, std::int64_t now) {
  return pool_.transact([&](PostgresConnection& connection) -> Result<bool> {
    auto locked = lock_users(connection, {user});
    if (!locked) return std::move(locked).error();
    if (locked->empty()) return false;
    if (auto erased = erase_user(connection, locked->begin()->second.row); !erased) return std::move(erased).error();
    // Locks the row: numbers of the list have no gaps and are applied in their order.
    auto next =
        connection.query("UPDATE sotto.server SET forgotten = forgotten + 1 RETURNING forgotten, forgotten_key");
    if (!next) return std::move(next).error();
    if (next->size() != 1) return Error{ErrorCode::malformed, description() + ": the table sotto.server has no row"};
    const auto hash = user_hash(next->bytes(0, 1), user);
    auto listed =
        connection.query("INSERT INTO sotto.forgotten (number, at, hash) VALUES ($1, $2, $3)",
                         PostgresValues().add(next->integer(0, 0)).add(now).add(std::span<const std::byte>(hash)));
    if (!listed) return std::move(listed).error();
    return true;
  });
}

Status PostgresStore::apply_forgotten() {
  return pool_.transact([&](PostgresConnection& connection) -> Status {
    auto server = connection.query("SELECT forgotten, forgotten_key FROM sotto.server FOR UPDATE");
    if (!server) return std::move(server).error();
    if (server->size() != 1) return Error{ErrorCode::malformed, description() + ": the table sotto.server has no row"};
    auto entries = connection.query("SELECT hash, number FROM sotto.forgotten WHERE number > $1 ORDER BY number",
                                    PostgresValues().add(server->integer(0, 0)));
    if (!entries) return std::move(entries).error();
    if (entries->size() == 0) return Ok{};
    std::set<std::string_view> hashes;
    for (int i = 0; i < entries->size(); ++i) hashes.insert(entries->text(i, 0));

    for (std::int64_t after = 0;;) {
      auto users = connection.query(
          "SELECT user_number, id FROM sotto.users WHERE user_number > $1 ORDER BY user_number LIMIT 10000",
          PostgresValues().add(after));
      if (!users) return std::move(users).error();
      if (users->size() == 0) break;
      for (int i = 0; i < users->size(); ++i) {
        after = users->integer(i, 0);
        const auto hash = user_hash(server->bytes(0, 1), users->text(i, 1));
        if (!hashes.contains(PostgresValues::text_of(hash))) continue;
        if (auto erased = erase_user(connection, after); !erased) return erased;
      }
    }
    auto noted = connection.query("UPDATE sotto.server SET forgotten = $1",
                                  PostgresValues().add(entries->integer(entries->size() - 1, 1)));
    if (!noted) return std::move(noted).error();
    return Ok{};
  });
}

}  // namespace sotto::store
