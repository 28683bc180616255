// The tables in PostgreSQL, in a schema of their own, as numbered steps.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/internal/postgres_connection.hpp>

#include <span>

namespace sotto::store {

// Step i makes version i + 1 of the tables. A released step is never edited: a change is a new step at the end.
[[nodiscard]] std::span<const char* const> postgres_steps();

// Brings the tables to the latest version, a transaction for each step; servers that start together wait for each
// other. Fails with unsupported_version where they are of a later version, and with malformed where the schema "sotto"
// is another program's.
[[nodiscard]] Status migrate_postgres(PostgresConnection& connection);

}  // namespace sotto::store
