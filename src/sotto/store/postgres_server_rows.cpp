// What belongs to the servers themselves in PostgreSQL: keys, secrets, sealed backups and figures.
#include <sotto/store/internal/postgres_store.hpp>
#include <sotto/store/internal/server_rows.hpp>

namespace sotto::store {

Status PostgresStore::add_key(const ApiKey& key) {
  return pool_.transact([&](PostgresConnection& connection) -> Status {
    auto added = connection.query(
        "INSERT INTO sotto.api_keys (id, name, scopes, hash, created) "
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        PostgresValues()
            .add(key.id)
            .add(key.name)
            .add(key.scopes)
            .add(std::span<const std::byte>(key.hash))
            .add(key.created));
    if (!added) return std::move(added).error();
    if (added->written() == 0) return key_exists(key.id);
    return Ok{};
  });
}

Result<bool> PostgresStore::remove_key(const std::string& id) {
  return pool_.transact([&](PostgresConnection& connection) -> Result<bool> {
    auto removed = connection.query("DELETE FROM sotto.api_keys WHERE id = $1", PostgresValues().add(id));
    if (!removed) return std::move(removed).error();
    return removed->written() > 0;
  });
}

Result<std::vector<ApiKey>> PostgresStore::keys() {
  return pool_.query([&](PostgresConnection& connection) -> Result<std::vector<ApiKey>> {
    auto rows = connection.query("SELECT id, name, scopes, hash, created FROM sotto.api_keys ORDER BY created, id");
    if (!rows) return std::move(rows).error();
    std::vector<ApiKey> keys;
    for (int i = 0; i < rows->size(); ++i) {
      auto hash = hash_of(rows->bytes(i, 3));
      if (!hash) return std::move(hash).error();
      keys.push_back({std::string(rows->text(i, 0)), std::string(rows->text(i, 1)), std::string(rows->text(i, 2)),
                      *hash, rows->integer(i, 4)});
    }
    return keys;
  });
}

Result<Bytes> PostgresStore::secret(const std::string& name, std::span<const std::byte> proposal) {
  return pool_.transact([&](PostgresConnection& connection) -> Result<Bytes> {
    // Where two servers propose at a time, the second one waits here for the first one's commit.
    auto kept = connection.query("INSERT INTO sotto.secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                                 PostgresValues().add(name).add(proposal));
    if (!kept) return std::move(kept).error();
    auto rows = connection.query("SELECT value FROM sotto.secrets WHERE name = $1", PostgresValues().add(name));
    if (!rows) return std::move(rows).error();
    if (rows->size() == 0) return connection.conflict();
    return copy_of(rows->bytes(0, 0));
  });
}

Status PostgresStore::put_sealed(const std::string& id, const SealedBackup& backup) {
  return pool_.transact([&](PostgresConnection& connection) -> Status {
    auto put = connection.query(
        "INSERT INTO sotto.sealed_backups AS kept (id, owner, bytes, stored) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes, stored = excluded.stored "
        "WHERE kept.owner = excluded.owner",
        PostgresValues()
            .add(id)
            .add(std::span<const std::byte>(backup.owner))
            .add(std::span<const std::byte>(backup.bytes))
            .add(backup.stored));
    if (!put) return std::move(put).error();
    if (put->written() == 0) return wrong_owner();
    return Ok{};
  });
}

Result<std::optional<SealedBackup>> PostgresStore::sealed(const std::string& id) {
  return pool_.query([&](PostgresConnection& connection) -> Result<std::optional<SealedBackup>> {
    auto rows = connection.query("SELECT owner, bytes, stored FROM sotto.sealed_backups WHERE id = $1",
                                 PostgresValues().add(id));
    if (!rows) return std::move(rows).error();
    if (rows->size() == 0) return std::optional<SealedBackup>();
    auto owner = hash_of(rows->bytes(0, 0));
    if (!owner) return std::move(owner).error();
    return std::optional(SealedBackup{*owner, copy_of(rows->bytes(0, 1)), rows->integer(0, 2)});
  });
}

Result<bool> PostgresStore::remove_sealed(const std::string& id, const std::array<std::byte, 32>& owner) {
  return pool_.transact([&](PostgresConnection& connection) -> Result<bool> {
    auto removed = connection.query("DELETE FROM sotto.sealed_backups WHERE id = $1 AND owner = $2",
                                    PostgresValues().add(id).add(std::span<const std::byte>(owner)));
    if (!removed) return std::move(removed).error();
    if (removed->written() > 0) return true;
    auto others = connection.query("SELECT 1 FROM sotto.sealed_backups WHERE id = $1", PostgresValues().add(id));
    if (!others) return std::move(others).error();
    if (others->size() > 0) return wrong_owner();
    return false;
  });
}

Status PostgresStore::put_figures(std::span<const FiguresRow> rows) {
  return pool_.transact([&](PostgresConnection& connection) -> Status {
    for (const FiguresRow& row : rows) {
      auto put = connection.query(
          "INSERT INTO sotto.figures (period, server, version, \"values\") VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (period, server, version) DO UPDATE SET \"values\" = excluded.\"values\"",
          PostgresValues().add(row.period).add(row.server).add(row.version).add(row.values));
      if (!put) return std::move(put).error();
    }
    return Ok{};
  });
}

Result<std::vector<FiguresRow>> PostgresStore::figures(std::int64_t since) {
  return pool_.query([&](PostgresConnection& connection) -> Result<std::vector<FiguresRow>> {
    auto rows = connection.query(
        "SELECT period, server, version, \"values\" FROM sotto.figures WHERE period >= $1 "
        "ORDER BY period, server, version",
        PostgresValues().add(since));
    if (!rows) return std::move(rows).error();
    std::vector<FiguresRow> found;
    for (int i = 0; i < rows->size(); ++i)
      found.push_back({rows->integer(i, 0), std::string(rows->text(i, 1)), std::string(rows->text(i, 2)),
                       std::string(rows->text(i, 3))});
    return found;
  });
}

}  // namespace sotto::store
