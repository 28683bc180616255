// The few things that the aggregation store asks of a database. SQLite and PostgreSQL understand the same statements
// with parameters "$1", "$2" …, which appear in this order; texts are stored as bytes.
#pragma once

#include <sotto/base/result.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sotto::store {

// A parameter. It refers to the bytes, which must live until the statement has run.
class SyncValue {
 public:
  SyncValue(std::int64_t number) : value_(number) {}
  SyncValue(std::uint64_t number) : value_(static_cast<std::int64_t>(number)) {}
  SyncValue(int number) : value_(std::int64_t{number}) {}
  SyncValue(std::span<const std::byte> bytes) : value_(bytes) {}
  SyncValue(const std::vector<std::byte>& bytes) : value_(std::span<const std::byte>(bytes)) {}
  template <std::size_t size>
  SyncValue(const std::array<std::byte, size>& bytes) : value_(std::span<const std::byte>(bytes)) {}
  SyncValue(const std::string& text) : value_(std::as_bytes(std::span(text))) {}

  [[nodiscard]] const std::variant<std::int64_t, std::span<const std::byte>>& value() const noexcept { return value_; }

 private:
  std::variant<std::int64_t, std::span<const std::byte>> value_;
};

using SyncCell = std::variant<std::int64_t, std::vector<std::byte>>;

class SyncRows {
 public:
  explicit SyncRows(std::vector<std::vector<SyncCell>> rows) : rows_(std::move(rows)) {}
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  // Columns count from 0. A column of another type gives 0, or no bytes.
  [[nodiscard]] std::int64_t integer(std::size_t row, std::size_t column) const {
    const auto* number = std::get_if<std::int64_t>(&rows_[row][column]);
    return number == nullptr ? 0 : *number;
  }
  [[nodiscard]] std::uint64_t natural(std::size_t row, std::size_t column) const {
    return static_cast<std::uint64_t>(integer(row, column));
  }
  [[nodiscard]] std::vector<std::byte> take(std::size_t row, std::size_t column) {
    auto* bytes = std::get_if<std::vector<std::byte>>(&rows_[row][column]);
    return bytes == nullptr ? std::vector<std::byte>() : std::move(*bytes);
  }
  [[nodiscard]] std::string text(std::size_t row, std::size_t column) {
    const auto bytes = take(row, column);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // Zeros where the column has another size.
  template <std::size_t size>
  [[nodiscard]] std::array<std::byte, size> fixed(std::size_t row, std::size_t column) {
    std::array<std::byte, size> value{};
    const auto bytes = take(row, column);
    if (bytes.size() == size) std::copy(bytes.begin(), bytes.end(), value.begin());
    return value;
  }

 private:
  std::vector<std::vector<SyncCell>> rows_;
};

using SyncValues = std::initializer_list<SyncValue>;

// The statements of one transaction. `sql` is a literal in the sources.
class SyncSession {
 public:
  virtual ~SyncSession() = default;
  [[nodiscard]] virtual Result<SyncRows> query(std::string_view sql, SyncValues values) = 0;
  // Returns the number of rows that the statement wrote.
  [[nodiscard]] virtual Result<std::int64_t> execute(std::string_view sql, SyncValues values) = 0;
};

class SyncDatabase {
 public:
  using Body = std::function<Status(SyncSession&)>;

  virtual ~SyncDatabase() = default;
  [[nodiscard]] virtual std::string description() const = 0;
  // Runs `body` as a transaction that no other writing one, of any process, runs beside. PostgreSQL may run it again.
  [[nodiscard]] virtual Status write(const Body& body) = 0;
  // Runs `body` on one state of the database.
  [[nodiscard]] virtual Status read(const Body& body) = 0;
};

[[nodiscard]] Result<std::unique_ptr<SyncDatabase>> open_sqlite_sync(const std::filesystem::path& file);
[[nodiscard]] Result<std::unique_ptr<SyncDatabase>> open_postgres_sync(const std::string& url,
                                                                       const std::string& schema, unsigned connections);

// The tables, as numbered steps. Step i makes version i + 1. A released step is never edited.
enum class SyncDialect : std::uint8_t { sqlite, postgres };
[[nodiscard]] std::vector<std::string> sync_schema_steps(SyncDialect dialect);

}  // namespace sotto::store
