// The outbox in PostgreSQL.
#include <sotto/store/internal/postgres_store.hpp>

namespace sotto::store {

// By the database's clock, so that the servers' own need not agree.
Result<bool> PostgresStore::lead_outbox(const std::string& server, int seconds) {
  return pool_.transact([&](PostgresConnection& connection) -> Result<bool> {
    auto led = connection.query(
        "UPDATE sotto.outbox_leader SET server = $1, until = clock_timestamp() + $2 * interval '1 second' "
        "WHERE server = $1 OR until < clock_timestamp()",
        PostgresValues().add(server).add(std::int64_t{seconds}));
    if (!led) return std::move(led).error();
    return led->written() > 0;
  });
}

// A user's entries become visible in their order. Those of different users may not: what comes later with a lower
// number is found by the next call.
Result<std::vector<OutboxEntry>> PostgresStore::outbox(std::size_t max) {
  return pool_.query([&](PostgresConnection& connection) -> Result<std::vector<OutboxEntry>> {
    auto rows = connection.query(
        "SELECT o.sequence, u.id, o.generation, o.number, o.value FROM sotto.outbox o "
        "JOIN sotto.users u USING (user_number) ORDER BY o.sequence LIMIT $1",
        PostgresValues().add(std::uint64_t{max}));
    if (!rows) return std::move(rows).error();
    std::vector<OutboxEntry> entries;
    for (int i = 0; i < rows->size(); ++i) {
      entries.push_back({rows->natural(i, 0), std::string(rows->text(i, 1)), rows->natural(i, 2), rows->natural(i, 3),
                         std::string(rows->text(i, 4))});
    }
    return entries;
  });
}

Status PostgresStore::remove_sent(std::span<const std::uint64_t> sequences) {
  if (sequences.empty()) return Ok{};
  std::vector<std::int64_t> numbers(sequences.begin(), sequences.end());
  return pool_.transact([&](PostgresConnection& connection) -> Status {
    auto removed =
        connection.query("DELETE FROM sotto.outbox WHERE sequence = ANY ($1::bigint[])", PostgresValues().add(numbers));
    if (!removed) return std::move(removed).error();
    return Ok{};
  });
}

Result<std::uint64_t> PostgresStore::outbox_size() {
  return pool_.query([&](PostgresConnection& connection) -> Result<std::uint64_t> {
    auto rows = connection.query("SELECT count(*) FROM (SELECT 1 FROM sotto.outbox LIMIT $1) AS counted",
                                 PostgresValues().add(max_counted_outbox));
    if (!rows) return std::move(rows).error();
    return rows->natural(0, 0);
  });
}

}  // namespace sotto::store
