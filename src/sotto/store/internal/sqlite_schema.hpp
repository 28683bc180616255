// The tables of the SQLite file, as numbered steps.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/internal/sqlite_connection.hpp>

#include <cstdint>
#include <span>

namespace sotto::store {

// "soto" in SQLite's header: what `file` and other programs know the file by.
inline constexpr std::int32_t sqlite_application_id = 0x736f746f;

// Step i makes version i + 1 of the tables. A released step is never edited: a change is a new step at the end.
[[nodiscard]] std::span<const char* const> sqlite_steps();

// Brings the tables to the latest version, a transaction for each step. Fails with unsupported_version where they are
// of a later version.
[[nodiscard]] Status migrate_sqlite(SqliteConnection& connection);

// Fails with malformed where a table or an index is not as the steps make it.
[[nodiscard]] Status compare_schema(SqliteConnection& connection);

}  // namespace sotto::store
