// The outbox in SQLite.
#include <sotto/store/internal/sqlite_store.hpp>

namespace sotto::store {

// The file belongs to this process alone.
Result<bool> SqliteStore::lead_outbox(const std::string& /*server*/, int /*seconds*/) { return true; }

Result<std::vector<OutboxEntry>> SqliteStore::outbox(std::size_t max) {
  return read([&](SqliteConnection& connection) -> Result<std::vector<OutboxEntry>> {
    auto rows = connection.query(
        "SELECT o.sequence, u.id, o.generation, o.number, o.value FROM outbox o JOIN users u USING (user) "
        "ORDER BY o.sequence LIMIT ?",
        static_cast<std::int64_t>(max));
    if (!rows) return std::move(rows).error();
    std::vector<OutboxEntry> entries;
    while (true) {
      auto more = rows->next();
      if (!more) return std::move(more).error();
      if (!*more) return entries;
      entries.push_back({rows->natural(0), std::string(rows->text(1)), rows->natural(2), rows->natural(3),
                         std::string(rows->text(4))});
    }
  });
}

Status SqliteStore::remove_sent(std::span<const std::uint64_t> sequences) {
  if (sequences.empty()) return Ok{};
  return write([&]() -> Status {
    for (const std::uint64_t sequence : sequences) {
      if (auto removed = writer_->execute("DELETE FROM outbox WHERE sequence = ?", sequence); !removed)
        return std::move(removed).error();
    }
    return Ok{};
  });
}

Result<std::uint64_t> SqliteStore::outbox_size() {
  return read([&](SqliteConnection& connection) -> Result<std::uint64_t> {
    auto rows = connection.query("SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT ?)", max_counted_outbox);
    if (!rows) return std::move(rows).error();
    if (auto counted = rows->next(); !counted) return std::move(counted).error();
    return rows->natural(0);
  });
}

}  // namespace sotto::store
