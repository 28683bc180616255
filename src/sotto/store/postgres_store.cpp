#include <sotto/store/internal/postgres_store.hpp>

#include <sotto/store/internal/postgres_schema.hpp>

#include <fmt/format.h>

namespace sotto::store {

Result<std::unique_ptr<Store>> open_postgres(const std::string& url, unsigned connections) {
  return PostgresStore::open(url, connections);
}

Result<std::unique_ptr<Store>> PostgresStore::open(const std::string& url, unsigned connections) {
  auto name = postgres_name(url);
  if (!name) return std::move(name).error();
  {
    auto connection = PostgresConnection::open(url, *name);
    if (!connection) return std::move(connection).error();
    if (auto migrated = migrate_postgres(**connection); !migrated) {
      Error error = std::move(migrated).error();
      if (!error.detail.starts_with(*name)) error.detail = fmt::format("{}: {}", *name, error.detail);
      return error;
    }
  }
  std::unique_ptr<PostgresStore> store(new PostgresStore(url, *name, connections));
  if (auto applied = store->apply_forgotten(); !applied) return std::move(applied).error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace sotto::store
