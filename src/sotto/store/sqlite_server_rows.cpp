// What belongs to the server itself in SQLite: keys, secrets, sealed backups and figures.
#include <sotto/store/internal/server_rows.hpp>
#include <sotto/store/internal/sqlite_store.hpp>

namespace sotto::store {
Status SqliteStore::add_key(const ApiKey& key) {
  return write([&]() -> Status {
    auto added = writer_->execute(
        "INSERT INTO api_keys (id, name, scopes, hash, created) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        key.id, key.name, key.scopes, key.hash, key.created);
    if (!added) return std::move(added).error();
    if (*added == 0) return key_exists(key.id);
    return Ok{};
  });
}

Result<bool> SqliteStore::remove_key(const std::string& id) {
  return write([&]() -> Result<bool> {
    auto removed = writer_->execute("DELETE FROM api_keys WHERE id = ?", id);
    if (!removed) return std::move(removed).error();
    return *removed > 0;
  });
}

Result<std::vector<ApiKey>> SqliteStore::keys() {
  return read([&](SqliteConnection& connection) -> Result<std::vector<ApiKey>> {
    auto rows = connection.query("SELECT id, name, scopes, hash, created FROM api_keys ORDER BY created, id");
    if (!rows) return std::move(rows).error();
    std::vector<ApiKey> keys;
    while (true) {
      auto more = rows->next();
      if (!more) return std::move(more).error();
      if (!*more) return keys;
      auto hash = hash_of(rows->blob(3));
      if (!hash) return std::move(hash).error();
      keys.push_back({std::string(rows->text(0)), std::string(rows->text(1)), std::string(rows->text(2)), *hash,
                      rows->integer(4)});
    }
  });
}

Result<Bytes> SqliteStore::secret(const std::string& name, std::span<const std::byte> proposal) {
  return write([&]() -> Result<Bytes> {
    if (auto kept =
            writer_->execute("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", name, proposal);
        !kept)
      return std::move(kept).error();
    auto rows = writer_->query("SELECT value FROM secrets WHERE name = ?", name);
    if (!rows) return std::move(rows).error();
    if (auto found = rows->next(); !found) return std::move(found).error();
    return copy_of(rows->blob(0));
  });
}

Status SqliteStore::put_sealed(const std::string& id, const SealedBackup& backup) {
  return write([&]() -> Status {
    auto put = writer_->execute(
        "INSERT INTO sealed_backups (id, owner, bytes, stored) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes, stored = excluded.stored WHERE owner = excluded.owner",
        id, backup.owner, backup.bytes, backup.stored);
    if (!put) return std::move(put).error();
    if (*put == 0) return wrong_owner();
    return Ok{};
  });
}

Result<std::optional<SealedBackup>> SqliteStore::sealed(const std::string& id) {
  return read([&](SqliteConnection& connection) -> Result<std::optional<SealedBackup>> {
    auto rows = connection.query("SELECT owner, bytes, stored FROM sealed_backups WHERE id = ?", id);
    if (!rows) return std::move(rows).error();
    auto found = rows->next();
    if (!found) return std::move(found).error();
    if (!*found) return std::optional<SealedBackup>();
    auto owner = hash_of(rows->blob(0));
    if (!owner) return std::move(owner).error();
    return std::optional(SealedBackup{*owner, copy_of(rows->blob(1)), rows->integer(2)});
  });
}

Result<bool> SqliteStore::remove_sealed(const std::string& id, const std::array<std::byte, 32>& owner) {
  return write([&]() -> Result<bool> {
    auto removed = writer_->execute("DELETE FROM sealed_backups WHERE id = ? AND owner = ?", id, owner);
    if (!removed) return std::move(removed).error();
    if (*removed > 0) return true;
    auto others = writer_->number("SELECT count(*) FROM sealed_backups WHERE id = ?", id);
    if (!others) return std::move(others).error();
    if (*others > 0) return wrong_owner();
    return false;
  });
}

Status SqliteStore::put_figures(std::span<const FiguresRow> rows) {
  return write([&]() -> Status {
    for (const FiguresRow& row : rows) {
      auto put = writer_->execute(
          "INSERT OR REPLACE INTO figures (period, server, version, \"values\") "
          "VALUES (?, ?, ?, ?)",
          row.period, row.server, row.version, row.values);
      if (!put) return std::move(put).error();
    }
    return Ok{};
  });
}

Result<std::vector<FiguresRow>> SqliteStore::figures(std::int64_t since) {
  return read([&](SqliteConnection& connection) -> Result<std::vector<FiguresRow>> {
    auto rows = connection.query(
        "SELECT period, server, version, \"values\" FROM figures WHERE period >= ? "
        "ORDER BY period, server, version",
        since);
    if (!rows) return std::move(rows).error();
    std::vector<FiguresRow> found;
    while (true) {
      auto more = rows->next();
      if (!more) return std::move(more).error();
      if (!*more) return found;
      found.push_back(
          {rows->integer(0), std::string(rows->text(1)), std::string(rows->text(2)), std::string(rows->text(3))});
    }
  });
}

}  // namespace sotto::store
